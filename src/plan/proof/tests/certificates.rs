//! Certificates that nobody gets, or that the proxy cannot read.

use super::{check_with, role, said_with, without};
use crate::choose::Answers;
use crate::choose::question::pick;
use crate::stack::{Environment, Mount, Role, Stack};

fn certified(answers: &mut Answers) {
    assert!(pick(&mut answers.tls, "certbot"), "it is an entry");
}

fn mount(stack: &mut Stack, of: Role) -> &mut Mount {
    let is_certificates =
        |mount: &&mut Mount| matches!(mount, Mount::Volume { volume, .. } if volume == "certificates");
    role(stack, of).mounts.iter_mut().find(is_certificates).expect("the volume of certificates")
}

#[test]
fn a_stack_that_gets_certificates_has_no_fault() {
    for environment in [Environment::Dev, Environment::Prod] {
        assert_eq!(said_with(&certified, environment, &|_| {}), Vec::new(), "{environment:?}");
    }
}

#[test]
fn certificates_that_do_not_come_to_the_proxy_are_named() {
    check_with(
        &certified,
        Environment::Prod,
        &[
            (
                "nobody gets them",
                |stack| without(stack, Role::Certificates),
                &["no service gets certificates"],
            ),
            (
                "the proxy knows of none",
                |stack| stack.proxy.as_mut().expect("a proxy").certificate = None,
                &["`nginx` reads no certificate"],
            ),
            (
                "another folder",
                |stack| {
                    *mount(stack, Role::Proxy) = Mount::Volume {
                        volume: "certificates".into(),
                        target: "/certs".into(),
                        read_only: true,
                    }
                },
                &["`nginx` does not find `/certificates/live/site/privkey.pem`, which `certbot` writes"],
            ),
            (
                "a folder that is only read",
                |stack| {
                    let Mount::Volume { read_only, .. } = mount(stack, Role::Certificates) else { return };
                    *read_only = true;
                },
                &["does not find `/certificates/webroot`", "no certificate comes"],
            ),
            (
                "another user",
                |stack| role(stack, Role::Certificates).user = None,
                &["`certbot` does not run as the user of `nginx`"],
            ),
            (
                "no way out",
                |stack| role(stack, Role::Certificates).networks = vec!["back".into()],
                &["`certbot` is on networks without a way out alone"],
            ),
            (
                "a port that is not published",
                |stack| role(stack, Role::Proxy).ports.truncate(1),
                &["`nginx` does not publish its port of HTTPS"],
            ),
        ],
    );
}

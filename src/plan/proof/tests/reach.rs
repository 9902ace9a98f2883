//! Ports, networks and checks that lead nowhere.

use super::{check, role, steps};
use crate::stack::{Environment, Network, Protocol, PublishedPort, Role, Step, WaitFor};

#[test]
fn ports_and_networks_that_lead_nowhere_are_named() {
    check(
        Environment::Prod,
        &[
            (
                "upstream of another port",
                |stack| stack.proxy.as_mut().unwrap().upstream_port = 8001,
                &["port 8001 of `web`", "502"],
            ),
            (
                "upstream of another name",
                |stack| stack.proxy.as_mut().unwrap().upstream_service = "site".into(),
                &["passes requests on to `site`", "no service"],
            ),
            (
                "an app server on another port",
                |stack| stack.app_server.port = 9000,
                &["port 8000 of `web`", "502"],
            ),
            (
                "a protocol that the proxy lacks",
                |stack| {
                    stack.app_server.protocol = Protocol::Uwsgi;
                },
                &["health check of `web` speaks HTTP", "another protocol"],
            ),
            (
                "a published port of nobody",
                |stack| role(stack, Role::Proxy).ports[0].container = 80,
                &["`nginx` publishes its port 80", "nobody listens"],
            ),
            (
                "no published port",
                |stack| role(stack, Role::Proxy).ports.clear(),
                &["`nginx` publishes no port"],
            ),
            (
                "a published database",
                |stack| {
                    role(stack, Role::Database).ports.push(PublishedPort {
                        interface: None,
                        variable: "DB_PORT".into(),
                        published: 5432,
                        container: 5432,
                    });
                },
                &["`db` publishes its port 5432", "reaches the project's data"],
            ),
            (
                "one port for two",
                |stack| {
                    let port = role(stack, Role::Proxy).ports[0].clone();
                    role(stack, Role::Web).ports.push(port);
                },
                &["two services publish the port 80"],
            ),
            (
                "a check of another port",
                |stack| {
                    let check = role(stack, Role::Proxy).health_check.as_mut().unwrap();
                    check.test.iter_mut().for_each(|word| *word = word.replace("8080", "8181"));
                },
                &["health check of `nginx` asks the port 8181", "never becomes healthy"],
            ),
            (
                "an exposed port of nobody",
                |stack| {
                    for step in steps(stack, Role::Proxy) {
                        if let Step::Expose { port } = step {
                            *port = 80;
                        }
                    }
                },
                &["image of `nginx` exposes the port 80"],
            ),
            (
                "a wait for nobody",
                |stack| {
                    for wait in &mut stack.entrypoint.wait_for {
                        if let WaitFor::Address { port, .. } = wait {
                            *port += 1;
                        }
                    }
                },
                &["waits for `db:5433`", "no container of the project ever starts"],
            ),
            (
                "a database on another network",
                |stack| {
                    stack.networks.push(Network { name: "cellar".into(), internal: true });
                    role(stack, Role::Database).networks = vec!["cellar".into()];
                },
                &["`web` and `db` are on no network together"],
            ),
            (
                "a proxy on another network",
                |stack| role(stack, Role::Web).networks = vec!["back".into()],
                &["`nginx` and `web` are on no network together"],
            ),
            (
                "a proxy without a way out",
                |stack| stack.networks.iter_mut().for_each(|network| network.internal = true),
                &["`nginx` is on networks without a way out alone"],
            ),
            (
                "a network that is not there",
                |stack| stack.networks.retain(|network| network.name != "back"),
                &["network `back`", "not declared"],
            ),
        ],
    );
}

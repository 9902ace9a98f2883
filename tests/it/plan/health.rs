//! Health checks: frequent until a service is up, rare and cheap afterwards.

use djdock::stack::{Role, Stack, Step};

use super::site::*;

const REDIRECT: &str = "SECURE_PROXY_SSL_HEADER = ('HTTP_X_FORWARDED_PROTO', 'https')\n";

fn site(more: &str) -> Site {
    Site::new(&format!("{OPEN}{}{more}", database("postgresql")), POSTGRES)
}

fn web(stack: &Stack) -> String {
    stack.role(Role::Web).unwrap().health_check.as_ref().unwrap().test.join(" ")
}

#[test]
fn every_service_is_asked_often_until_it_is_up_and_rarely_afterwards() {
    let plan = celery().plan_with_redis();
    for stack in [&plan.dev, &plan.prod] {
        let checks: Vec<_> =
            stack.services.iter().filter_map(|one| Some((one, one.health_check.as_ref()?))).collect();
        assert!(checks.len() > 2);
        for (service, check) in checks {
            assert!(check.start_interval <= 5 && check.interval >= 30, "{}: {check:?}", service.name);
            assert!(check.start_period >= check.start_interval, "{}: {check:?}", service.name);
        }
    }
}

#[test]
fn image_has_the_check_of_its_service() {
    let plan = site("").plan();
    for stack in [&plan.dev, &plan.prod] {
        let service = stack.role(Role::Web).unwrap().health_check.as_ref();
        let steps = stack.images[0].stages.iter().flat_map(|stage| &stage.steps);
        let mut of_image =
            steps.filter_map(|step| if let Step::HealthCheck(check) = step { Some(check) } else { None });
        assert_eq!(of_image.next_back(), service);
    }
}

#[test]
fn check_asks_for_no_page_of_the_project_and_starts_as_little_of_python_as_it_can() {
    let plan = site("").plan();
    for stack in [&plan.dev, &plan.prod] {
        let check = web(stack);
        assert!(check.contains("GET /favicon.ico HTTP/1.1") && !check.contains("GET / "), "{check}");
        assert!(check.starts_with("python -I -S ") && !check.contains("http.client"), "{check}");
    }
}

#[test]
fn project_that_redirects_to_https_answers_the_check_with_the_redirect() {
    let plan = site(&format!("{REDIRECT}SECURE_SSL_REDIRECT = True\n")).plan();
    assert!(!web(&plan.prod).contains("X-Forwarded-Proto"), "{}", web(&plan.prod));
}

#[test]
fn redirect_that_a_variable_turns_off_counts_as_its_default_says() {
    let on = format!("{REDIRECT}SECURE_SSL_REDIRECT = os.environ.get('REDIRECT', '1') == '1'\n");
    assert!(!web(&site(&on).plan().prod).contains("X-Forwarded-Proto"));
    let off = format!("{REDIRECT}SECURE_SSL_REDIRECT = os.environ.get('REDIRECT', '0') == '1'\n");
    assert!(web(&site(&off).plan().prod).contains("X-Forwarded-Proto: https"));
}

#[test]
fn project_without_the_redirect_is_asked_as_over_https() {
    assert!(web(&site("").plan().prod).contains("X-Forwarded-Proto: https"));
    assert!(web(&site("SECURE_SSL_REDIRECT = False\n").plan().prod).contains("X-Forwarded-Proto: https"));
}

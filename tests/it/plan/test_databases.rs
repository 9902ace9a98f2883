//! Tests make a database of their own, which not every server lets the project's user do.

use djdock::stack::Mount;

use super::site::*;

#[test]
fn the_user_of_mysql_may_make_databases_for_tests_in_development_alone() {
    let plan = mysql().plan();
    let tests = plan.dev.test_databases.as_ref().unwrap();
    assert_eq!(
        (tests.script.as_str(), tests.patterns.join(" ")),
        ("docker/mysql/test_databases.sql", "test\\_%".to_owned())
    );
    let is_mounted = |mount: &Mount| matches!(mount, Mount::Bind { source, target, read_only: true } if source == tests.script.as_str() && target.starts_with("/docker-entrypoint-initdb.d/"));
    assert!(service(&plan.dev, "db").mounts.iter().any(is_mounted));
    assert!(plan.prod.test_databases.is_none());
    assert!(!service(&plan.prod, "db").mounts.iter().any(|mount| matches!(mount, Mount::Bind { .. })));
    assert!(plan.outputs.iter().any(|output| output.path == tests.script));
}

#[test]
fn mariadb_does_as_mysql_and_a_test_database_of_another_name_counts() {
    let tests = "DATABASES['default']['TEST'] = {'NAME': 'shop_for_tests'}\n";
    let site =
        Site::new(&format!("{OPEN}{}{tests}", database("mysql")), "django==5.2.1\nmysqlclient==2.2.7\n");
    let plan =
        site.try_plan(|answers| answers.database = djdock::catalog::Pick::named("mariadb").unwrap()).unwrap();
    let tests = plan.dev.test_databases.unwrap();
    assert_eq!(tests.patterns, ["shop\\_for\\_tests", "shop\\_for\\_tests\\_%", "test\\_%"]);
}

#[test]
fn the_user_of_postgresql_is_the_servers_own_and_sqlite_has_none() {
    assert!(postgres().plan().dev.test_databases.is_none());
    assert!(sqlite().plan().dev.test_databases.is_none());
}

//! `check --sarif` is what code hosts and editors can read.

use crate::support::program::Folder;
use crate::support::repository;

#[test]
fn report_is_valid_by_the_published_schema() {
    // One pattern of the published schema has a bracket too many, which not every regex engine reads as a letter.
    let schema = repository::read("tests/schemas/sarif-2.1.0.json").replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}$");
    let schema = serde_json::from_str(&schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let folder = Folder::example("polls");
    folder
        .write("Docker file/Dockerfile", "FROM python\nENV SECRET_KEY=abc\nCMD python manage.py runserver\n");
    let report: serde_json::Value =
        serde_json::from_str(&folder.djdock(&["check", "--sarif"]).stdout).unwrap();
    let wrong: Vec<String> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
    assert!(wrong.is_empty(), "{wrong:#?}\n{report:#}");
    let results = report["runs"][0]["results"].as_array().unwrap();
    let secret = results.iter().find(|result| result["ruleId"] == "dockerfile-secret").unwrap();
    let place = &secret["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "Docker%20file/Dockerfile");
    assert_eq!(place["region"]["startLine"], 2);
}

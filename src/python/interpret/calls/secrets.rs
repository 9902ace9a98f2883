//! Services that keep secrets: what they hold is known to them alone, and is named as theirs.

use super::super::object::{MadeObj, Obj};
use super::Row;

pub(super) const ROWS: &[Row] = &[
    ("boto3.session.Session().client", |_, call| {
        Ok(Obj::made("boto3.client", call.args, call.kwargs, call.pos))
    }),
    ("boto3.Session().client", |_, call| Ok(Obj::made("boto3.client", call.args, call.kwargs, call.pos))),
    ("boto3.session.Session().resource", |_, call| {
        Ok(Obj::made("boto3.client", call.args, call.kwargs, call.pos))
    }),
];

/// Libraries by the start of their dotted names, and what comes of them.
const SERVICES: &[(&str, &str)] = &[
    ("google.cloud.secretmanager", "a secret of Google Secret Manager"),
    ("azure.keyvault.secrets.", "a secret of Azure Key Vault"),
    ("azure.appconfiguration.", "a secret of Azure App Configuration"),
    ("hvac.", "a secret of HashiCorp Vault"),
    ("aws_secretsmanager_caching.", "a secret of AWS Secrets Manager"),
    ("confidential.SecretsManager", "a secret of AWS Secrets Manager"),
    ("ssm_parameter_store.", "a secret of AWS Systems Manager"),
    ("infisical", "a secret of Infisical"),
    ("onepasswordconnectsdk.", "a secret of 1Password"),
    ("keyring.", "a secret of the keyring"),
];

/// Returns the description of a secret if a call of `owner` leads to a service that keeps secrets.
pub(in crate::python::interpret) fn secret_of(owner: &Obj) -> Option<&'static str> {
    match owner {
        Obj::Made(made) if &*made.class == "boto3.client" => secret_of_client(made),
        Obj::Made(made) => service(&made.class),
        Obj::External(dotted) => service(dotted),
        Obj::Method(pair) => secret_of(&pair.0),
        _ => None,
    }
}

fn service(dotted: &str) -> Option<&'static str> {
    SERVICES.iter().find(|(start, _)| dotted.starts_with(start)).map(|(_, secret)| *secret)
}

fn secret_of_client(made: &MadeObj) -> Option<&'static str> {
    let named = made.kwargs.iter().find(|(name, _)| &**name == "service_name").map(|(_, value)| value);
    match made.args.first().or(named)?.as_str()? {
        "secretsmanager" => Some("a secret of AWS Secrets Manager"),
        "ssm" => Some("a secret of AWS Systems Manager"),
        "kms" => Some("a secret of AWS Key Management Service"),
        _ => None,
    }
}

use super::{Certificates, Run};
use crate::base::language::Text;
use crate::catalog::offer::Offer;

/// <https://eff-certbot.readthedocs.io/en/stable/using.html#webroot>
pub(super) const CERTBOT: Certificates = Certificates {
    offer: Offer {
        word: "certbot",
        label: Text::name("certbot"),
        about: Text::new(
            "a service beside nginx gets a certificate from Let's Encrypt and renews it",
            "nginx 옆의 서비스가 Let's Encrypt 인증서를 받고 갱신합니다",
        ),
    },
    run: Some(Run {
        service: "certbot",
        image: "certbot",
        profile: "tls",
        site_variable: "SITE_ADDRESS",
        script: SCRIPT,
        chain: "live/site/fullchain.pem",
        key: "live/site/privkey.pem",
        webroot: "webroot",
        writable: &["/tmp"],
    }),
};

/// Does nothing while the certificate is far from its end. Let's Encrypt allows few failures in an hour.
const SCRIPT: &str = r#"trap exit TERM
while :; do
  mkdir -p {certificates}/{webroot}
  if certbot certonly --non-interactive --agree-tos --register-unsafely-without-email \
    --keep-until-expiring --renew-with-new-domains --cert-name site --domains "$SITE_ADDRESS" \
    --webroot --webroot-path {certificates}/{webroot} \
    --config-dir {certificates} --work-dir /tmp/certbot --logs-dir /tmp/certbot
  then
    again=43200
  else
    again=3600
    echo "no certificate for '$SITE_ADDRESS' (SITE_ADDRESS in the env file); the next try is in an hour"
  fi
  sleep $again & wait $!
done
"#;

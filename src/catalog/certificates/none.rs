use super::Certificates;
use crate::base::language::Text;
use crate::catalog::offer::Offer;

pub(super) const NONE: Certificates = Certificates {
    offer: Offer {
        word: "none",
        label: Text::new("nobody, or the proxy itself", "없음, 또는 프록시 자체"),
        about: Text::new(
            "the proxy gets its certificate itself, or something in front of the stack ends TLS",
            "프록시가 스스로 인증서를 받거나, 스택 앞의 다른 것이 TLS를 처리합니다",
        ),
    },
    run: None,
};

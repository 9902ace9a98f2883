use super::Proxy;
use crate::base::language::Text;
use crate::catalog::offer::Offer;

pub(super) const NONE: Proxy = Proxy {
    offer: Offer {
        word: "none",
        label: Text::new("nothing", "없음"),
        about: Text::new(
            "the app server's port is published; your platform has a proxy already",
            "앱 서버의 포트를 그대로 엽니다. 플랫폼에 이미 프록시가 있을 때",
        ),
    },
    run: None,
};

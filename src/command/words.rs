//! The sentences of commands beside data and diagnostics, in every language.

use crate::base::language::Text;

pub const FOUND: Text = Text::new("Found", "찾은 것");
pub const ANSWERS: Text = Text::new("Answers", "답");
pub const SERVICES: Text = Text::new("Services", "서비스");
pub const IMAGES: Text = Text::new("Images", "이미지");
pub const VARIABLES: Text = Text::new("Variables", "변수");
pub const OVERRIDES: Text =
    Text::new("Settings that containers need otherwise", "컨테이너에서 달라야 하는 설정");
pub const NOTES: Text = Text::new("Good to know", "알아 둘 것");
pub const FILES: Text = Text::new("Files", "파일");
pub const DEVELOPMENT: Text = Text::new("development", "개발");
pub const PRODUCTION: Text = Text::new("production", "운영");
pub const FILL_IN: Text = Text::new("Fill in", "채워 넣을 것");
pub const KEEP_OUT: Text = Text::new("Keep out of git", "git에 넣지 않을 것");
pub const HOLDS_SECRETS: Text =
    Text::new("it holds secrets, and git does not ignore it", "비밀 값이 있는데 git이 무시하지 않습니다");
pub const IN_GIT: Text = Text::new(
    "it holds secrets, and git has it; what was pushed is known, so change its passwords and keys",
    "비밀 값이 git에 들어 있습니다. 이미 올렸다면 비밀번호와 키를 바꾸세요",
);
pub const MEND: Text = Text::new(
    "Mend the errors above first: the stack does not run before.",
    "먼저 위의 오류를 고치세요. 그 전에는 스택이 동작하지 않습니다.",
);
pub const NEXT: Text = Text::new("Next", "다음");

pub const WRITE_THEM: Text = Text::new("Write these files?", "이 파일들을 쓸까요?");
pub const REPLACE_IT: Text = Text::new(
    "exists and is not djdock's. Replace it, keeping yours as",
    "파일이 이미 있습니다. 바꾸고 기존 파일을 다음 이름으로 둘까요:",
);
pub const IGNORE_IT: Text = Text::new(
    "will hold secrets, and git does not ignore that. Add it to .gitignore?",
    "파일에 비밀 값이 들어가는데 git이 무시하지 않습니다. .gitignore에 추가할까요?",
);
pub const NOTHING_WRITTEN: Text = Text::new("Nothing was written.", "아무것도 쓰지 않았습니다.");
pub const NOTHING_NEW: Text = Text::new("Everything is up to date.", "모두 최신 상태입니다.");
pub const WOULD_WRITE: Text = Text::new("Would write", "쓸 파일:");
pub const WROTE: Text = Text::new("Wrote", "쓴 파일:");
pub const REMOVED: Text = Text::new("removed", "지운 파일:");
pub const WOULD_REMOVE: Text = Text::new("would remove", "지울 파일:");
pub const YOURS: Text = Text::new("yours", "고친 내용");
pub const DJDOCKS: Text = Text::new("djdock's", "djdock의 내용");
pub const WHICH_SIDE: Text = Text::new(
    "you and djdock changed the same lines. Which should stand there?",
    "파일의 같은 줄을 양쪽에서 바꿨습니다. 그 자리에 무엇을 둘까요?",
);
pub const KEEP_OURS: Text = Text::new("my lines", "내가 고친 내용");
pub const TAKE_THEIRS: Text =
    Text::new("djdock's lines; my file is kept as a .bak", "djdock의 내용 (기존 파일은 .bak으로 남김)");
pub const KEEP_BOTH: Text =
    Text::new("both, with marks: I choose later", "표시와 함께 둘 다 (나중에 고르기)");
pub const LEAVE_IT: Text = Text::new("stop: write nothing", "멈추기: 아무것도 쓰지 않음");
pub const COMMIT: Text = Text::new(
    "Commit everything that git does not ignore; .djdock/ holds what djdock needs to keep your edits.",
    "git이 무시하지 않는 파일은 모두 커밋하세요. .djdock/은 수정한 내용을 지키는 데 필요합니다.",
);

pub const WROTE_EXAMPLE: Text = Text::new("Wrote the example", "예제를 썼습니다:");

pub const SEE_IT_RUN: Text =
    Text::new("build it, start it and see that it works", "이미지를 만들고 실행해서 확인합니다");
pub const START_DEVELOPMENT: Text = Text::new("development, with reload", "개발 서버를 실행합니다");
pub const START_PRODUCTION: Text = Text::new("production", "운영 스택을 실행합니다");
pub const READ_ON: Text = Text::new("how to run it, and what was found", "더 자세한 설명");

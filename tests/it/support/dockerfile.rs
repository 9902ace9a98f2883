//! A Dockerfile as the builder reads it: stages of instructions, without comments, lines joined.

#[derive(Debug)]
pub struct Dockerfile {
    pub stages: Vec<Stage>,
}

#[derive(Debug)]
pub struct Stage {
    pub name: String,
    pub from: String,
    /// The keyword and the rest, in order.
    pub instructions: Vec<(String, String)>,
}

impl Dockerfile {
    pub fn parse(text: &str) -> Self {
        let mut stages: Vec<Stage> = Vec::new();
        for (keyword, rest) in instructions(text) {
            if keyword == "FROM" {
                let words: Vec<&str> = rest.split(' ').filter(|word| !word.starts_with("--")).collect();
                let name = words.get(2).copied().unwrap_or_default().to_owned();
                stages.push(Stage { name, from: words[0].to_owned(), instructions: Vec::new() });
            } else if let Some(stage) = stages.last_mut() {
                stage.instructions.push((keyword, rest));
            }
        }
        Self { stages }
    }

    pub fn stage(&self, name: &str) -> &Stage {
        let names = || self.stages.iter().map(|stage| stage.name.as_str()).collect::<Vec<_>>();
        self.stages
            .iter()
            .find(|stage| stage.name == name)
            .unwrap_or_else(|| panic!("no {name} among {:?}", names()))
    }

    /// The stages that `name` is built upon and itself: what stays in its image.
    pub fn lineage(&self, name: &str) -> Vec<&Stage> {
        let stage = self.stage(name);
        let mut lineage = if self.stages.iter().any(|other| other.name == stage.from) {
            self.lineage(&stage.from)
        } else {
            Vec::new()
        };
        lineage.push(stage);
        lineage
    }

    /// The images that are pulled.
    pub fn pulled(&self) -> Vec<&str> {
        let made = |name: &str| self.stages.iter().any(|stage| stage.name == name);
        self.stages.iter().map(|stage| stage.from.as_str()).filter(|from| !made(from)).collect()
    }
}

impl Stage {
    /// What follows each instruction of a kind.
    pub fn all(&self, keyword: &str) -> Vec<&str> {
        let wanted = self.instructions.iter().filter(|(found, _)| found == keyword);
        wanted.map(|(_, rest)| rest.as_str()).collect()
    }

    /// What follows the last instruction of a kind, which is the one that counts.
    pub fn last(&self, keyword: &str) -> Option<&str> {
        self.all(keyword).pop()
    }

    /// The system packages that it installs.
    pub fn packages(&self) -> Vec<&str> {
        let installs = self.all("RUN").into_iter().filter_map(|run| {
            let (_, rest) = run.split_once("apt-get install ")?;
            Some(rest.split("&&").next().unwrap_or(rest))
        });
        installs.flat_map(str::split_whitespace).filter(|word| !word.starts_with('-')).collect()
    }

    /// Where the instruction is whose rest contains `text`.
    pub fn position(&self, keyword: &str, text: &str) -> Option<usize> {
        self.instructions.iter().position(|(found, rest)| found == keyword && rest.contains(text))
    }
}

fn instructions(text: &str) -> Vec<(String, String)> {
    let mut joined = Vec::new();
    let mut open = String::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        match line.strip_suffix('\\') {
            Some(start) => open = open + start.trim_end() + " ",
            None => joined.push(std::mem::take(&mut open) + line),
        }
    }
    let split = |line: String| {
        line.split_once(' ').map(|(keyword, rest)| (keyword.to_uppercase(), rest.trim().to_owned()))
    };
    joined.into_iter().filter_map(split).collect()
}

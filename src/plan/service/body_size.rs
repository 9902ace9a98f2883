//! How large a request may be: what the settings allow must get through the proxy.

use crate::choose::answers::BodySize;
use crate::plan::ground::Ground;
use crate::plan::settle::Settled;
use crate::python::Value;

/// Enough for photos, in megabytes.
const USUAL: u64 = 20;
const MEGABYTE: u64 = 1024 * 1024;

/// Returns the size of a request's body at most, in megabytes, as the answer says it or the settings do; `None` without a limit.
pub(super) fn of(ground: &Ground<'_>, settled: &Settled) -> Option<u64> {
    match ground.answers.body_size {
        BodySize::AsSettings => of_settings(settled),
        BodySize::Unlimited => None,
        BodySize::Megabytes(size) => Some(size),
    }
}

/// Returns the larger of the usual size and that of the settings; `None` where they take Django's own limit away.
///
/// `FILE_UPLOAD_MAX_MEMORY_SIZE` is no limit: it says from which size on a file is kept on disk while it comes in:
/// <https://docs.djangoproject.com/en/stable/ref/settings/#file-upload-max-memory-size>.
fn of_settings(settled: &Settled) -> Option<u64> {
    const DJANGOS: &str = "DATA_UPLOAD_MAX_MEMORY_SIZE";
    let settings = &settled.evaluation.settings;
    if settings.get(DJANGOS).is_some_and(|setting| setting.value == Value::None) {
        return None;
    }
    let stated = settings.iter().filter_map(|(name, setting)| {
        let bytes = if name == DJANGOS { number(&setting.value) } else { limit(name, &setting.value) };
        bytes.map(|bytes| bytes.div_ceil(MEGABYTE))
    });
    Some(stated.max().unwrap_or_default().max(USUAL))
}

/// The bytes of a setting of the project's own, or of a library's, that limits what is uploaded, with room for the form
/// around the file: `MAX_UPLOAD_SIZE`, `UPLOAD_LIMIT_MB`.
fn limit(name: &str, value: &Value) -> Option<u64> {
    let words: Vec<&str> = name.split('_').collect();
    let has = |wanted: &[&str]| words.iter().any(|word| wanted.contains(word));
    let is_limit = has(&["UPLOAD", "UPLOADS", "UPLOADED", "FILE", "FILESIZE", "ATTACHMENT", "BODY"])
        && has(&["MAX", "MAXIMUM", "LIMIT"])
        && has(&["SIZE", "FILESIZE", "BYTES", "KB", "MB", "GB", "LIMIT"])
        // The size of something else: of parts, of memory, of pictures in pixels.
        && !has(&["MEMORY", "CHUNK", "COUNT", "NUMBER", "LENGTH", "WIDTH", "HEIGHT", "LOG", "CACHE", "NAME", "PATH"]);
    is_limit.then_some(())?;
    let number = number(value)?;
    let bytes = match () {
        () if has(&["GB"]) => number.checked_mul(1024 * MEGABYTE)?,
        () if has(&["MB"]) => number.checked_mul(MEGABYTE)?,
        () if has(&["KB"]) => number.checked_mul(1024)?,
        // So few bytes are no file: of which unit they are is not said.
        () if number < 1024 => return None,
        () => number,
    };
    bytes.checked_add(MEGABYTE)
}

/// A size that nginx can count in megabytes.
fn number(value: &Value) -> Option<u64> {
    const MOST: u64 = 1 << 50;
    let number = value.as_text()?.trim().parse::<u64>().ok()?;
    (number < MOST).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_of_uploads_are_told_from_other_sizes() {
        let megabytes =
            |name: &str, number: i64| limit(name, &Value::Int(number)).map(|bytes| bytes / MEGABYTE);
        assert_eq!(megabytes("MAX_UPLOAD_SIZE", 50 * 1024 * 1024), Some(51));
        assert_eq!(megabytes("UPLOAD_LIMIT_MB", 100), Some(101));
        assert_eq!(megabytes("WAGTAILIMAGES_MAX_UPLOAD_SIZE", 30 * 1024 * 1024), Some(31));
        for name in [
            "FILE_UPLOAD_MAX_MEMORY_SIZE",
            "MAX_LOG_FILE_SIZE",
            "FILE_CHUNK_SIZE",
            "PAGE_SIZE",
            "MAX_FILE_COUNT",
        ] {
            assert_eq!(megabytes(name, 50 * 1024 * 1024), None, "{name}");
        }
        assert_eq!(megabytes("MAX_FILE_SIZE", 10), None, "of which unit is not said");
    }
}

//! Columns.

use dialoguer::console::measure_text_width;

/// `rows` with their columns aligned, two spaces between them and `indent` before; the last column is not padded.
/// Widths are those that a terminal shows: a Hangul syllable takes two cells, a colour none.
pub fn table<const N: usize>(indent: usize, rows: &[[String; N]]) -> String {
    let width = |column: usize| rows.iter().map(|row| measure_text_width(&row[column])).max().unwrap_or(0);
    let widths: Vec<usize> = (0..N).map(width).collect();
    let mut text = String::new();
    for row in rows {
        let mut line = " ".repeat(indent);
        for (column, cell) in row.iter().enumerate() {
            line.push_str(cell);
            let padding = if column + 1 == N { 0 } else { widths[column] - measure_text_width(cell) + 2 };
            line.push_str(&" ".repeat(padding));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// How many cells of a terminal `text` takes.
pub fn width(text: &str) -> usize {
    measure_text_width(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_by_what_is_seen() {
        let rows =
            [["설정", "a"], ["\u{1b}[1mname\u{1b}[0m", "b"], ["x", ""]].map(|row| row.map(str::to_owned));
        assert_eq!(table(2, &rows), "  설정  a\n  \u{1b}[1mname\u{1b}[0m  b\n  x\n");
    }
}

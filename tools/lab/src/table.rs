//! Columns of text.

use unicode_width::UnicodeWidthStr as _;

/// Which side of its column a cell stands at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Left,
    Right,
}

/// Lines of cells without style, each column as wide as its widest cell, two
/// spaces between columns.
#[must_use]
pub fn lines(sides: &[Side], rows: &[Vec<String>]) -> Vec<String> {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.width()).max().unwrap_or(0)
    };
    let widths: Vec<_> = (0..sides.len()).map(width).collect();
    rows.iter()
        .map(|row| {
            let cells = row.iter().zip(&widths).zip(sides);
            let cells = cells.map(|((cell, width), side)| {
                let space = " ".repeat(width - cell.width());
                match side {
                    Side::Left => format!("{cell}{space}"),
                    Side::Right => format!("{space}{cell}"),
                }
            });
            let line = cells.collect::<Vec<_>>().join("  ");
            line.trim_end().to_owned()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vietnamese_letter_takes_one_column_however_it_is_written() {
        let rows =
            [["cỡ", "1"], ["co\u{31b}\u{303}x", "22"]].map(|row| row.map(String::from).to_vec());
        let lines = lines(&[Side::Left, Side::Right], &rows);
        assert_eq!(lines[0], "cỡ    1");
        assert!(lines[1].ends_with("x  22"), "{lines:?}");
    }
}

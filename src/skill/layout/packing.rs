//! Where a sequence of pages and parts of pages is cut into files.
//!
//! Every way of cutting has a price: a file that is too small or too large, a page that is torn, groups that share a
//! file. The cheapest way as a whole is found by dynamic programming, so that no early cut spoils a later one.

/// A page or a portion of one, in reading order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Unit {
    /// Its size in a file, in bytes.
    pub bytes: usize,
    /// Its size in a file, in tokens.
    pub tokens: usize,
    /// What opens a page wherever it begins or goes on: heading, source, line of the contents; bytes and tokens.
    pub opening: (usize, usize),
    /// Whether a page begins with it.
    pub begins: bool,
    /// The price of a cut before it.
    pub cut: f64,
    /// The price of a file that goes on over the border before it.
    pub join: f64,
}

/// Sizes of a file.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    /// A smaller file costs, in bytes.
    pub least: usize,
    /// A larger file costs, in bytes.
    pub most: usize,
    /// No file has more tokens, unless a single unit has.
    pub tokens: usize,
    /// What every file holds besides its pages, in bytes and tokens.
    pub head: (usize, usize),
}

/// The price of a further file, so that of equal ways the one with fewer files is taken.
const FILE: f64 = 0.03;
/// The price of a file just beyond its size.
const OVER: f64 = 0.4;
/// The price of each further size of a file.
const FURTHER: f64 = 3.0;
/// The price of a file that holds a part of a torn page besides other pages.
const MIXED: f64 = 0.25;

/// The indices before which the sequence is cut: the first unit of each file, beginning with 0.
pub fn pack(units: &[Unit], room: Room) -> Vec<usize> {
    let mut best: Vec<(f64, usize)> = vec![(0.0, 0)];
    for end in 1..=units.len() {
        best.push(cheapest(units, end, &best, room));
    }
    let mut cuts = Vec::new();
    let mut end = units.len();
    while end > 0 {
        end = best.get(end).map_or(0, |(_, start)| *start);
        cuts.push(end);
    }
    cuts.reverse();
    cuts
}

/// The price of the best way to cut everything before `end`, and where its last file begins.
fn cheapest(units: &[Unit], end: usize, best: &[(f64, usize)], room: Room) -> (f64, usize) {
    let mut found = (f64::INFINITY, end - 1);
    let (mut bytes, mut tokens) = room.head;
    let mut joins = 0.0;
    let mut pages = 0;
    // Whether the last page of the file goes on in the next one.
    let runs_on = units.get(end).is_some_and(|next| !next.begins);
    for start in (0..end).rev() {
        let Some(unit) = units.get(start) else { break };
        bytes += unit.bytes;
        tokens += unit.tokens;
        let opening = if unit.begins { (0, 0) } else { unit.opening };
        let whole = (bytes + opening.0, tokens + opening.1);
        let single = start + 1 == end;
        if whole.1 > room.tokens && !single {
            break;
        }
        let torn = runs_on || !unit.begins;
        let mixed = if torn && pages > 0 { MIXED } else { 0.0 };
        let price = best.get(start).map_or(f64::INFINITY, |(price, _)| *price)
            + if start == 0 { 0.0 } else { unit.cut }
            + joins
            + mixed
            + FILE
            + size(whole.0, room);
        if price < found.0 {
            found = (price, start);
        }
        if bytes > room.most * 3 {
            break;
        }
        joins += unit.join;
        pages += usize::from(unit.begins);
    }
    found
}

/// The price of a file's size.
fn size(bytes: usize, room: Room) -> f64 {
    let (least, most) = (room.least.max(1) as f64, room.most.max(1) as f64);
    let bytes = bytes as f64;
    if bytes < least {
        ((least - bytes) / least).powi(2)
    } else if bytes > most {
        OVER + FURTHER * (bytes - most) / most
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::{Room, Unit, pack};

    const ROOM: Room = Room { least: 100, most: 200, tokens: 250, head: (0, 0) };

    fn page(bytes: usize) -> Unit {
        Unit { bytes, tokens: bytes, opening: (0, 0), begins: true, cut: 0.1, join: 0.0 }
    }

    fn check(units: &[Unit], cuts: &[usize]) {
        assert_eq!(pack(units, ROOM), cuts);
    }

    #[test]
    fn files_are_neither_small_nor_large() {
        check(&[], &[]);
        check(&[page(10)], &[0]);
        check(&[page(60), page(60), page(60), page(60)], &[0, 2]);
        check(&[page(150), page(150), page(20)], &[0, 1]);
    }

    #[test]
    fn no_file_is_over_the_cap_but_for_a_single_unit() {
        check(&[page(249), page(249), page(400), page(5)], &[0, 1, 2, 3]);
    }

    #[test]
    fn groups_that_are_large_enough_do_not_mix() {
        let other = |bytes| Unit { join: 0.5, cut: 0.0, ..page(bytes) };
        check(&[page(70), page(70), other(60), page(60)], &[0, 2]);
        check(&[page(20), other(120)], &[0]);
    }
}

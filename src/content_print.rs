//! The fingerprint of a page's content: a few numbers that tell whether two pages hold the same.
//!
//! They are made of words alone, in whatever order, so that a list that is sorted otherwise is the same list. They are
//! stored from run to run, so how they are made never changes without a new format of the database.

use crate::url::CanonicalUrl;

/// The fewest words of which a fingerprint says something.
const FEWEST_WORDS: u32 = 24;

/// The words that make the outline; what comes after changes it no more.
const OUTLINE_WORDS: usize = 2_000;

/// The most bits in which the outlines of two pages that are alike may differ.
const MOST_BITS: u32 = 3;

/// The months, in English.
pub const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The days of the week, in English.
const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// What a page's content looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ContentPrint {
    /// How many words there are.
    pub words: u32,
    /// Equal for the same words, whatever their order.
    pub digest: u64,
    /// The same without numbers, dates and the words of the page's own address.
    pub frame: u64,
    /// Similar for similar words (a 64-bit simhash of what makes the frame).
    pub outline: u64,
}

impl ContentPrint {
    /// The fingerprint of a text at an address.
    pub fn of(text: &str, url: &CanonicalUrl) -> Self {
        let address: Vec<u64> = words(url.as_str()).map(|word| hash(&word)).collect();
        let mut print = Self { words: 0, digest: 0, frame: 0, outline: 0 };
        let (mut balance, mut counted) = ([0_i32; 64], 0);
        for word in words(text) {
            let hash = hash(&word);
            print.words = print.words.saturating_add(1);
            print.digest = print.digest.wrapping_add(hash);
            if word.bytes().any(|byte| byte.is_ascii_digit()) || address.contains(&hash) || is_of_date(&word)
            {
                continue;
            }
            print.frame = print.frame.wrapping_add(hash);
            if counted < OUTLINE_WORDS {
                counted += 1;
                for (bit, balance) in balance.iter_mut().enumerate() {
                    *balance += if hash >> bit & 1 == 1 { 1 } else { -1 };
                }
            }
        }
        for (bit, balance) in balance.iter().enumerate() {
            print.outline |= u64::from(*balance > 0) << bit;
        }
        print
    }

    /// Whether there is enough to compare.
    pub fn is_telling(&self) -> bool {
        self.words >= FEWEST_WORDS
    }

    /// Whether both hold the same words.
    pub fn is_same(&self, other: &Self) -> bool {
        self.digest == other.digest && self.words == other.words
    }

    /// Whether both hold the same but for numbers, dates, their own addresses, and a word here and there.
    pub fn is_alike(&self, other: &Self) -> bool {
        if self.frame == other.frame {
            return true;
        }
        let (less, more) = (self.words.min(other.words), self.words.max(other.words));
        self.is_telling()
            && u64::from(less) * 10 >= u64::from(more) * 9
            && (self.outline ^ other.outline).count_ones() <= MOST_BITS
    }
}

/// Whether a word names a day or a month, in full or by its first letters: what a calendar changes from page to page,
/// besides numbers.
fn is_of_date(word: &str) -> bool {
    (3..=4).contains(&word.len()) && DAYS.iter().chain(&MONTHS).any(|name| name.starts_with(word))
        || DAYS.contains(&word)
        || MONTHS.contains(&word)
}

fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase)
}

/// FNV-1a, its bits mixed once more so that sums of them tell apart.
fn hash(word: &str) -> u64 {
    let fnv = word.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let mixed = (fnv ^ (fnv >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93);
    mixed ^ (mixed >> 29)
}

#[cfg(test)]
mod tests {
    use super::ContentPrint;
    use crate::url::CanonicalUrl;

    const PAGE: &str = "Install the tool with cargo, then open a terminal and run it in the folder of your project. It \
        reads every file below, writes what it found beside each of them, and says at the end what it could not read.";

    fn print(path: &str, text: &str) -> ContentPrint {
        ContentPrint::of(text, &CanonicalUrl::parse(&format!("https://d.example{path}")).unwrap())
    }

    #[test]
    fn order_and_marks_do_not_count_and_words_do() {
        let page = print("/a", PAGE);
        let turned: Vec<&str> = PAGE.split(' ').rev().collect();
        assert!(page.is_telling() && page.is_same(&print("/b", &turned.join(" — "))));
        assert!(!page.is_same(&print("/a", &PAGE.replace("cargo", "npm"))));
        assert!(!page.is_same(&print("/a", &format!("{PAGE} {PAGE}"))));
    }

    #[test]
    fn pages_of_a_calendar_are_alike() {
        let month = |name: &str, days: &str| format!("Events in {name}. {PAGE} {days} previous next");
        let (may, june) = (month("May 2031", "1 2 3 Mon"), month("June 2031", "1 2 3 4 Tue"));
        let (may, june) = (print("/calendar/2031/05", &may), print("/calendar/2031/06", &june));
        assert!(may.is_alike(&june) && !may.is_same(&june));
        assert!(!may.is_alike(&print(
            "/guide",
            "Quite other words about a thing that nobody asked for, in a page of \
            its own, which goes on for a while so that there is enough of it to tell it from the calendar."
        )));
    }

    #[test]
    fn a_page_that_names_its_own_address_is_alike_wherever_it_stands() {
        let text = |path: &str| format!("There is no page {path} here. Go back to the start.");
        let (one, other) = (print("/guide/setup", &text("guide/setup")), print("/xyz-q", &text("xyz-q")));
        assert!(one.is_alike(&other));
        assert!(!one.is_telling());
    }
}

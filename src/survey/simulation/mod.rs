//! Many sites by chance, each surveyed and reckoned: how far estimates are off, over all kinds of sites and not in one.
//!
//! `sites` makes them and knows how many pages they have, `look` surveys them.

mod look;
mod sites;

use look::look;
use sites::{Chance, LISTS, Listed, SHAPES, Shape, Site};

use super::extent::extent;
use super::real;

/// Sites of each kind.
const SITES: u64 = 6;

/// How estimates of sites of one kind went.
#[derive(Clone, Debug, Default)]
struct Tally {
    /// Relative, with its sign.
    errors: Vec<f64>,
    /// How many of the ranges held the truth.
    held: usize,
    width: f64,
}

impl Tally {
    fn note(&mut self, site: &Site) {
        let truth = u64::try_from(site.truth()).unwrap();
        let extent = extent(&look(site));
        let real = |count: u64| real(usize::try_from(count).unwrap());
        self.errors.push(real(extent.likely) / real(truth) - 1.0);
        self.held += usize::from(extent.low <= truth && truth <= extent.high);
        self.width += (real(extent.high) - real(extent.low)) / real(truth);
    }

    fn add(&mut self, other: &Self) {
        self.errors.extend(&other.errors);
        self.held += other.held;
        self.width += other.width;
    }

    /// The error that so many of a hundred are below, without its sign.
    fn percentile(&self, percent: usize) -> f64 {
        let mut errors: Vec<f64> = self.errors.iter().map(|error| error.abs()).collect();
        errors.sort_by(f64::total_cmp);
        errors[(errors.len() * percent / 100).min(errors.len() - 1)]
    }

    fn bias(&self) -> f64 {
        self.errors.iter().sum::<f64>() / real(self.errors.len())
    }

    fn within(&self, error: f64) -> f64 {
        real(self.errors.iter().filter(|own| own.abs() <= error).count()) / real(self.errors.len())
    }

    fn held(&self) -> f64 {
        real(self.held) / real(self.errors.len())
    }

    fn words(&self) -> String {
        format!(
            "median {:5.1} %, 90th {:5.1} %, bias {:+6.1} %, within a tenth {:3.0} %, ranges {:3.0} % true, {:3.0} % wide",
            self.percentile(50) * 100.0,
            self.percentile(90) * 100.0,
            self.bias() * 100.0,
            self.within(0.1) * 100.0,
            self.held() * 100.0,
            self.width * 100.0 / real(self.errors.len())
        )
    }
}

/// Sites of a shape whose list is of a kind.
fn sites_of(shape: Shape, listed: Listed, count: u64) -> impl Iterator<Item = Site> {
    (0..count).map(move |number| {
        let mut chance = Chance::new(number * 97 + 13);
        let size = 60.0 * (2000.0_f64 / 60.0).powf(chance.share());
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        Site::new(shape, size as usize, listed, &mut chance)
    })
}

fn is_possible(shape: Shape, listed: Listed) -> bool {
    shape != Shape::Rows || listed != Listed::Nothing
}

/// Every kind of site, with how its estimates went.
fn all(count: u64) -> Vec<(Shape, Listed, Tally)> {
    let kinds = SHAPES.into_iter().flat_map(|shape| LISTS.map(|listed| (shape, listed)));
    let tallied = kinds.filter(|(shape, listed)| is_possible(*shape, *listed)).map(|(shape, listed)| {
        let mut tally = Tally::default();
        sites_of(shape, listed, count).for_each(|site| tally.note(&site));
        (shape, listed, tally)
    });
    tallied.collect()
}

/// Where it fails, it shows the table of all kinds; more sites of each make it surer.
#[test]
fn sites_of_all_kinds() {
    let mut whole = Tally::default();
    let mut table = Vec::new();
    for (shape, listed, tally) in all(SITES) {
        let kind = format!("{shape:?} {listed:?}");
        table.push(format!("{kind:<32} {}", tally.words()));
        whole.add(&tally);
        // However little is known of a site, it is not taken for one without end.
        assert!(tally.percentile(99) < 5.0, "{kind}: {}", tally.words());
        if listed == Listed::All {
            assert!(tally.percentile(99) < 0.01, "{kind}: {}", tally.words());
        }
        let is_mixed = matches!(listed, Listed::AllButOneIn(_)) && shape != Shape::Rows;
        if is_mixed {
            assert!(tally.percentile(50) < 0.1 && tally.held() > 0.7, "{kind}: {}", tally.words());
        }
    }
    table.push(format!("{:<32} {}", "all", whole.words()));
    let table = table.join("\n");
    assert!(whole.within(0.1) > 0.75 && whole.held() > 0.9, "{table}");
    assert!(whole.percentile(50) < 0.02 && whole.percentile(90) < 0.25, "{table}");
}

//! Reading records one after the other, from a WARC of ours or of any other program, compressed or not.
//!
//! Everything here is outside input: lengths lie, compressed bytes explode, headers flood. No buffer is sized by what
//! a header claims, and every loop is bounded.

use std::io::{self, BufRead, BufReader, ErrorKind, Read};

use flate2::bufread::GzDecoder;

use crate::archive::error::{ArchiveError, ArchiveWarning, Flaw};
use crate::archive::record::Fields;
use crate::archive::segment::Segment;

/// The most bytes that a record's block, or a body after decoding, may have: 256 MiB.
pub(crate) const MAX_BLOCK: u64 = 256 << 20;
/// The most bytes of a record's header.
const MAX_HEADER: u64 = 64 << 10;
/// The most bytes that are decompressed only to be passed over; a bomb is given up at this point.
const MAX_SKIPPED: u64 = 4 << 30;

/// A record with as much of its block as was asked for.
#[derive(Debug)]
pub(crate) struct Record {
    /// The header.
    pub(crate) fields: Fields,
    /// The first bytes of the block.
    pub(crate) block: Vec<u8>,
    /// How long the whole block is.
    pub(crate) block_length: u64,
    /// Where the record begins in its WARC.
    pub(crate) offset: u64,
    /// How many bytes it takes there.
    pub(crate) length: u64,
}

impl Record {
    fn at(self, offset: u64, end: u64) -> Self {
        Self { offset, length: end - offset, ..self }
    }
}

/// Reads the records of one WARC in order.
pub(crate) struct Scanner<'a> {
    segment: &'a Segment,
    input: Counted<BufReader<io::Take<std::fs::File>>>,
    keep: fn(&Fields) -> u64,
    warnings: Vec<ArchiveWarning>,
}

/// What came of trying to read a record.
enum Step {
    Record(Record),
    /// The record is unusable, the next one can be read.
    Skip(Flaw),
    /// Nothing after this point can be read.
    Stop(Flaw),
}

impl<'a> Scanner<'a> {
    /// Starts at the first record; `keep` says by its header how many bytes of a record's block are wanted.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::Read`] when the file cannot be opened.
    pub(crate) fn new(segment: &'a Segment, keep: fn(&Fields) -> u64) -> Result<Self, ArchiveError> {
        let reader = segment.read_from(0).map_err(ArchiveError::reading(segment.path()))?;
        let input = Counted { inner: reader, position: 0 };
        Ok(Self { segment, input, keep, warnings: Vec::new() })
    }

    /// The next readable record; `None` at the end, or where the rest cannot be read.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::Read`] when the system cannot read the file. Flaws of the content are warnings.
    pub(crate) fn next(&mut self) -> Result<Option<Record>, ArchiveError> {
        loop {
            let offset = self.input.position;
            let step = next_step(&mut self.input, offset, self.keep);
            match step.map_err(ArchiveError::reading(self.segment.path()))? {
                None => return Ok(None),
                Some(Step::Record(record)) => return Ok(Some(record)),
                Some(Step::Skip(flaw)) => self.warn(offset, flaw, 0),
                Some(Step::Stop(flaw)) => {
                    self.warn(offset, flaw, self.segment.length.saturating_sub(offset));
                    // Whatever is asked next finds the end.
                    let rest = self.segment.read_from(self.segment.length);
                    let inner = rest.map_err(ArchiveError::reading(self.segment.path()))?;
                    self.input = Counted { inner, position: self.segment.length };
                }
            }
        }
    }

    /// Takes what was odd so far.
    pub(crate) fn into_warnings(self) -> Vec<ArchiveWarning> {
        self.warnings
    }

    fn warn(&mut self, offset: u64, flaw: Flaw, unread: u64) {
        self.warnings.push(ArchiveWarning { file: self.segment.name.clone(), offset, flaw, unread });
    }
}

/// Reads the one record that begins at an offset, with its whole block.
///
/// # Errors
///
/// [`ArchiveError::Record`] when it is damaged, too large or not there.
pub(crate) fn read_record(segment: &Segment, offset: u64) -> Result<Record, ArchiveError> {
    let flawed = |flaw| ArchiveError::Record { file: segment.name.clone(), offset, flaw };
    let inner = segment.read_from(offset).map_err(ArchiveError::reading(segment.path()))?;
    let mut input = Counted { inner, position: offset };
    match next_step(&mut input, offset, |_| MAX_BLOCK).map_err(ArchiveError::reading(segment.path()))? {
        None => Err(flawed(Flaw::Gone)),
        Some(Step::Skip(flaw) | Step::Stop(flaw)) => Err(flawed(flaw)),
        Some(Step::Record(record)) if record.block_length > MAX_BLOCK => Err(flawed(Flaw::TooLarge)),
        Some(Step::Record(record)) => Ok(record),
    }
}

fn next_step<R: BufRead>(
    input: &mut Counted<R>,
    offset: u64,
    keep: fn(&Fields) -> u64,
) -> io::Result<Option<Step>> {
    let start = input.fill_buf()?;
    let step = match start {
        [] => return Ok(None),
        [0x1f, ..] => compressed_step(input, offset, keep),
        _ => plain_step(input, offset, keep),
    };
    match step {
        Ok(step) => Ok(Some(step)),
        Err(error) => Ok(Some(Step::Stop(flaw_of(error)?))),
    }
}

/// A record that is a gzip member of its own. Its end is the member's end, so a flawed one can be passed over.
fn compressed_step<R: BufRead>(
    input: &mut Counted<R>,
    offset: u64,
    keep: fn(&Fields) -> u64,
) -> io::Result<Step> {
    let member = GzDecoder::new(&mut *input).take(MAX_SKIPPED);
    let mut member = BufReader::with_capacity(1 << 15, member);
    let parts = read_parts(&mut member, keep)?;
    let surplus = pass_over_line_ends(&mut member)?;
    // Reading on to the member's end also checks its checksum.
    pass_over(&mut member, u64::MAX)?;
    let exhausted = member.into_inner().limit() == 0;
    Ok(match parts {
        _ if exhausted => Step::Stop(Flaw::TooLarge),
        Err(Flaw::CutOff) => Step::Skip(Flaw::NoHeader),
        Err(flaw) => Step::Skip(flaw),
        Ok(_) if surplus.starts_with(b"WARC/") => Step::Stop(Flaw::SharedMember),
        Ok(_) if !surplus.is_empty() => Step::Skip(Flaw::LengthTooShort),
        Ok(record) => Step::Record(record.at(offset, input.position)),
    })
}

/// A record of an uncompressed file. Where its length lies, the next record cannot be found.
fn plain_step<R: BufRead>(input: &mut Counted<R>, offset: u64, keep: fn(&Fields) -> u64) -> io::Result<Step> {
    let parts = read_parts(input, keep)?;
    let surplus = pass_over_line_ends(input)?;
    Ok(match parts {
        Err(Flaw::LengthTooLong) => Step::Stop(Flaw::CutOff),
        Err(flaw) => Step::Stop(flaw),
        Ok(_) if !surplus.is_empty() && !surplus.starts_with(b"WARC/") => Step::Stop(Flaw::LengthTooShort),
        Ok(record) => Step::Record(record.at(offset, input.position)),
    })
}

/// Header and block; where the record lies is the caller's to fill in.
fn read_parts<R: BufRead>(reader: &mut R, keep: fn(&Fields) -> u64) -> io::Result<Result<Record, Flaw>> {
    let fields = match read_header(reader)? {
        Ok(fields) => fields,
        Err(flaw) => return Ok(Err(flaw)),
    };
    let Some(block_length) = fields.get("Content-Length").and_then(|text| text.parse::<u64>().ok()) else {
        return Ok(Err(Flaw::NoLength));
    };
    let wanted = keep(&fields).min(block_length).min(MAX_BLOCK);
    let mut block = Vec::new();
    let kept = reader.by_ref().take(wanted).read_to_end(&mut block)? as u64;
    let passed = pass_over(reader, block_length - kept.min(block_length))?;
    if kept + passed < block_length {
        return Ok(Err(Flaw::LengthTooLong));
    }
    Ok(Ok(Record { fields, block, block_length, offset: 0, length: 0 }))
}

fn read_header<R: BufRead>(reader: &mut R) -> io::Result<Result<Fields, Flaw>> {
    let mut reader = reader.by_ref().take(MAX_HEADER);
    let mut fields = Fields::default();
    let mut line = Vec::new();
    let mut first = true;
    loop {
        line.clear();
        reader.read_until(b'\n', &mut line)?;
        if !line.ends_with(b"\n") {
            let flaw = if reader.limit() == 0 { Flaw::HeaderTooLarge } else { Flaw::CutOff };
            return Ok(Err(flaw));
        }
        let text = String::from_utf8_lossy(&line);
        let folded = text.starts_with([' ', '\t']);
        let text = text.trim();
        if first {
            if !text.starts_with("WARC/") {
                return Ok(Err(Flaw::NoHeader));
            }
            first = false;
        } else if text.is_empty() {
            return Ok(Ok(fields));
        } else if folded {
            fields.fold(text);
        } else if let Some((name, value)) = text.split_once(':') {
            fields.push(name.trim(), value.trim());
        }
    }
}

/// Reads and forgets up to a number of bytes; says how many there were.
fn pass_over<R: Read>(reader: &mut R, count: u64) -> io::Result<u64> {
    io::copy(&mut reader.take(count), &mut io::sink())
}

/// Reads and forgets the line ends after a block; a peek of what follows, empty at the end.
fn pass_over_line_ends<R: BufRead>(reader: &mut R) -> io::Result<Vec<u8>> {
    loop {
        let available = reader.fill_buf()?;
        let line_ends = available.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        if line_ends == 0 {
            return Ok(available.iter().take(5).copied().collect());
        }
        reader.consume(line_ends);
    }
}

/// What an I/O error says about the content, if it does not speak of the system.
fn flaw_of(error: io::Error) -> io::Result<Flaw> {
    match error.kind() {
        ErrorKind::UnexpectedEof => Ok(Flaw::CutOff),
        ErrorKind::InvalidInput | ErrorKind::InvalidData => Ok(Flaw::CorruptGzip),
        _ => Err(error),
    }
}

/// A reader that knows how far it is.
struct Counted<R> {
    inner: R,
    position: u64,
}

impl<R: BufRead> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.position += read as u64;
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Counted<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.inner.consume(amount);
        self.position += amount as u64;
    }
}

//! gzip and zstd within bounds: packed files that are cut give what was there before, bombs are stopped.

use super::memory::size;
use super::pile::{PIECE, Pile, lacking};
use std::io::Read;

/// How a file is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packing {
    /// One gzip member, or several one behind another.
    Gzip,
    /// zstd frames, one behind another; skippable ones among them.
    Zstd,
}

/// What was packed.
#[derive(Debug)]
pub(super) struct Packed {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Why they end before the file does.
    pub cut: Option<String>,
}

/// Unpacked text may be this long, whatever it was packed to …
const FLOOR: u64 = 64 << 20;
/// … or this many times its packed size (log files pack some 10 to 60 times) …
const RATIO: u64 = 250;
/// … but never longer than is said.
#[derive(Clone, Copy, Debug)]
pub(super) struct Most {
    /// Bytes that fit beside what is loaded; none without a bound.
    pub fits: Option<u64>,
    /// [`super::Memory::unpacked`].
    pub unpacked: u64,
}

impl Most {
    /// How long text may be that so many bytes unpack to, each to so many times its own number.
    pub fn longest(self, packed: u64, ratio: u64) -> u64 {
        FLOOR.max(ratio.saturating_mul(packed)).min(self.unpacked)
    }
}

impl Packing {
    /// What bytes are packed with; none where they are not.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0x1f, 0x8b, ..] => Some(Packing::Gzip),
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => {
                Some(Packing::Zstd)
            }
            _ => None,
        }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Packing::Gzip => "gzip",
            Packing::Zstd => "zstd",
        }
    }

    /// Unpacks bytes, to at most so many.
    ///
    /// # Errors
    /// One sentence saying why nothing of them can be read; none where it is that they are too many.
    pub fn unpack(self, bytes: &[u8], most: Most) -> Result<Packed, Option<String>> {
        let longest = most.longest(bytes.len() as u64, RATIO);
        match most.fits.filter(|most| *most < longest) {
            None => self.within(bytes, longest).map_err(Some),
            Some(most) => self.within(bytes, most).map_err(|reason| {
                let too_many = reason.contains("unpacks to more than");
                (!too_many).then_some(reason)
            }),
        }
    }

    /// Unpacks a stream, without a bound.
    ///
    /// # Errors
    /// That it cannot be begun.
    pub fn stream(self, source: Box<dyn Read>) -> std::io::Result<Box<dyn Read>> {
        Ok(match self {
            Packing::Gzip => Box::new(flate2::read::MultiGzDecoder::new(source)),
            Packing::Zstd => Box::new(zstd::stream::read::Decoder::new(source)?),
        })
    }

    fn within(self, bytes: &[u8], limit: u64) -> Result<Packed, String> {
        let name = self.name();
        let damaged = |error: &std::io::Error| match error.to_string() {
            // zstd's own words for a window beyond what it takes unasked.
            text if text.contains("too much memory") => format!(
                "the {name} data was packed with a window of more than 128 MB (`--long`): unpack it, or pack it without that"
            ),
            text => format!("damaged {name} data: {text}"),
        };
        let mut source: Box<dyn Read + '_> = match self {
            Packing::Gzip => Box::new(flate2::read::MultiGzDecoder::new(bytes)),
            Packing::Zstd => {
                let decoder = zstd::stream::read::Decoder::with_buffer(bytes);
                Box::new(decoder.map_err(|error| damaged(&error))?)
            }
        };
        let mut pile = Pile::default();
        let read = loop {
            let more = PIECE.min(usize::try_from(limit + 1).unwrap_or(usize::MAX) - pile.len());
            let room = pile.last.try_reserve_exact(more);
            room.map_err(|_| lacking(pile.len() + more))?;
            match fill(&mut source, &mut pile.last, more) {
                Ok(true) => pile.settle(),
                Ok(false) => break Ok(()),
                Err(error) => break Err(error),
            }
            if pile.len() as u64 > limit {
                break Ok(());
            }
        };
        drop(source);
        if pile.len() as u64 > limit {
            return Err(format!(
                "the {name} data unpacks to more than {}: too much for {} of packed data, or for the memory that is free. Unpack it yourself if you trust it",
                size(limit),
                size(bytes.len() as u64),
            ));
        }
        let cut = match read {
            Ok(()) => None,
            Err(error) if pile.len() == 0 => return Err(damaged(&error)),
            Err(error) => Some(format!("the {name} data ends here, damaged: {error}")),
        };
        let text = pile.join()?;
        if let Some(inner) = Packing::of(&text) {
            let inner = inner.name();
            return Err(format!(
                "{inner} inside {name}: unpack it once, then load it"
            ));
        }
        Ok(Packed { bytes: text, cut })
    }
}

/// Reads so many bytes into an empty piece; whether there were as many.
fn fill(source: &mut dyn Read, piece: &mut Vec<u8>, most: usize) -> std::io::Result<bool> {
    piece.resize(most, 0);
    let mut got = 0;
    let read = loop {
        match piece.get_mut(got..).filter(|rest| !rest.is_empty()) {
            None => break Ok(true),
            Some(rest) => match source.read(rest) {
                Ok(0) => break Ok(false),
                Ok(more) => got += more,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => break Err(error),
            },
        }
    };
    piece.truncate(got);
    read
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use std::io::Write;

    fn pack(packing: Packing, text: &[u8]) -> Vec<u8> {
        match packing {
            Packing::Gzip => {
                let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
                packer.write_all(text).unwrap();
                packer.finish().unwrap()
            }
            Packing::Zstd => zstd::encode_all(text, 3).unwrap(),
        }
    }

    const ANY: Most = Most {
        fits: None,
        unpacked: 1 << 30,
    };

    const BOTH: [Packing; 2] = [Packing::Gzip, Packing::Zstd];

    #[test]
    fn parts_are_joined_and_bombs_stopped() {
        for packing in BOTH {
            let mut two = pack(packing, b"one\n");
            if packing == Packing::Zstd {
                // A skippable frame of three bytes between them.
                two.extend([0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
            }
            two.extend(pack(packing, b"two\n"));
            assert_eq!(Packing::of(&two), Some(packing));
            let unpacked = packing.unpack(&two, ANY).unwrap();
            assert_eq!(unpacked.bytes, b"one\ntwo\n");
            assert_eq!(unpacked.cut, None);
            // Longer than a piece.
            let long: Vec<u8> = (0..40_u32 << 20).map(|n| (n >> 8) as u8).collect();
            assert!(packing.unpack(&pack(packing, &long), ANY).unwrap().bytes == long);
            let bomb = pack(packing, &vec![b' '; 5 << 20]);
            let reason = packing.within(&bomb, 1 << 20).unwrap_err();
            assert!(reason.contains("1 MB"), "{reason}");
        }
        let first = [0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0];
        assert_eq!(Packing::of(&first), Some(Packing::Zstd));
    }

    #[test]
    fn a_window_of_two_gigabytes_is_no_damage() {
        // RFC 8878: the mark, a header without sizes, the window 2^(10+21), a last raw block of four bytes.
        let frame = b"\x28\xb5\x2f\xfd\x00\xa8\x21\x00\x00one\n";
        let reason = Packing::Zstd.unpack(frame, ANY).unwrap_err().unwrap();
        assert!(reason.contains("--long"), "{reason}");
        let mut small = frame.to_vec();
        // 2^(10+10)
        small[5] = 10 << 3;
        let unpacked = Packing::Zstd.unpack(&small, ANY).unwrap();
        assert_eq!(unpacked.bytes, b"one\n");
    }

    #[test]
    fn what_was_there_is_kept_when_it_is_cut() {
        for packing in BOTH {
            let mut packed = pack(packing, b"one\ntwo\n");
            packed.extend(pack(packing, b"three\n"));
            packed.truncate(packed.len() - 6);
            let unpacked = packing.unpack(&packed, ANY).unwrap();
            assert!(unpacked.cut.is_some(), "{packing:?}");
            assert!(unpacked.bytes.starts_with(b"one\ntwo\n"), "{packing:?}");
            assert!(packing.unpack(&packed[..5], ANY).is_err());
            for outer in BOTH {
                let twice = pack(outer, &pack(packing, b"x"));
                let reason = outer.unpack(&twice, ANY).unwrap_err();
                assert!(reason.is_some_and(|reason| reason.contains("inside")));
            }
        }
    }
}

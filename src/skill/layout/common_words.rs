//! Words that tell no page from another, whatever it is about: what joins others, and the verbs and adjectives of which
//! every manual is made.

use std::collections::BTreeSet;

/// In lower case, in the order of the alphabet.
const COMMON: &str = "\
    able about above accepts accordingly achieve achieved actual actually added adding addition additional \
    additionally adds adjust affect after again against ahead aims all allow allowed allowing allows almost \
    alongside already also although always among amount and another any anything anytime apart appear \
    appears applied applies apply applying approach appropriate are around aside assume assumed assumes \
    available avoid aware away back based basic basically basis because been before begin beginning begins \
    behave behaves being below benefit best better between beyond both break bring brings build builds built \
    but call called calling came can cannot care case cases cause caused causes caution certain chance \
    change changed changes changing chapter check choice choices choose chosen clear clearly come comes \
    coming common complete completely concept concepts consider considered consist consistent consists \
    contain contained containing contains contrast convenient correct correctly correspond corresponding \
    could couple create created creates creating crucial current currently dealing decide deeper default \
    defaults define defined defines defining demonstrate demonstrates depend depending depends describe \
    described describes design designed desired detail detailed details determine determined determines did \
    differ difference different difficult direct directly discuss discussed discussion documentation does \
    doesn doing done down due during each earlier ease easier easily easy effect effective effectively \
    efficient either eliminate else enable enabled enables enabling encounter ends enough ensure ensures \
    ensuring entire entirely equivalent especially essential etc even eventually every everything exact \
    exactly example examples exceed excellent execute executed exist existing exists expect expected expects \
    explain explained explicit explicitly explore extensive extra fact fails fall fast faster feature \
    features filename final finally find fine first fits focus follow following follows for force form \
    former forth found free from full fully function functionality further future gain gained general \
    generally generate generated get gets getting give given gives goal goes going good great greatly \
    guarantee guide had handle handled handles handling happen happens hard has have having help helpful \
    helps hence here high higher highly hold holds how however idea ideas identify imagine immediately \
    impact implement implementation implemented implementing implements important improve improved improves \
    include included includes including increase increased indicate indicated indicates indicating \
    individual initial initially inside instead intended interest interested into introduce introduced \
    introduces introducing involve involved involves issue issues item items its join just keep keeping \
    keeps kind kinds know known large last later leads learn learned least left less lets level like likely \
    line listing lists little long longer look looking looks lower made main maintain make makes making \
    manage many matter matters may maybe mean meaning means meant mention mentioned method methods might \
    mind minimal minor missing modern modified modify more most move moves much multiple must name named \
    names natural naturally nbsp near necessary need needed needs neither never new newer next non normally \
    not note noted notes nothing notice number object obtain obtained occur occurs off offer offers often \
    omit omitted once one ones only onto open option optional options order ordinary original originally \
    other others otherwise our out outside over overall overview page pages pair part particular parts pass \
    passed passes passing people per perform performed performing performs perhaps pick place places plain \
    plan please plenty point points popular position possible practical practice precisely prefer preferred \
    prepare present pretty prevent previous previously primary prior probably problem problems process \
    produce produced produces proper properly properties property proved provide provided provides purpose \
    quality question questions quick quickly quite range rate rather reach reached read reading ready real \
    really reason reasons receive recommend recommended reduce reduces refer reference referred regular \
    related relevant relies rely remain remaining remains remove removed replace replaced represent \
    represents require required requirement requires resource resources respective respectively responsible \
    rest result resulting results return returned returning returns right running runs safe said same sample \
    says second section see seen select selected send sense separate separately serves set sets setting \
    several shall share shared should show shown shows side significant significantly similar simple simpler \
    simply since single situation situations skip slightly slow slower small smaller solution solve some \
    someone something sometimes somewhat soon special specific specifically specified specifies specify \
    standard start started starting starts step steps still stop straightforward strongly structure stuff \
    style success successfully such suitable summary supporting supports suppose sure surely system take \
    taken takes tell tells term terms than that thats the their them themselves then there therefore these \
    they thing things think this those three through throughout thus time times tip together took topic \
    total touch toward towards track tried true truly turn turned turns tutorial twice two type types \
    typical typically under understand understanding unless unlike until update updated updates upon usage \
    use used useful uses using usually valid value values variety various vary verify version very via wait \
    walk want wanted wants warning was watch ways well went were what whatever when where whether which \
    whichever while whole whose why wide will wise wish with within without word words work worked working \
    works worry worth would write writes writing written wrong wrote yes you your yours yourself";

/// All of them, in lower case.
pub fn common_words() -> BTreeSet<&'static str> {
    COMMON.split_whitespace().collect()
}

#[cfg(test)]
mod tests {
    use super::{COMMON, common_words};

    #[test]
    fn each_word_stands_there_once_and_in_its_place() {
        let words: Vec<&str> = COMMON.split_whitespace().collect();
        assert!(words.is_sorted() && words.len() == common_words().len());
        assert!(words.contains(&"about") && words.contains(&"yourself") && !words.contains(&"gradient"));
    }
}

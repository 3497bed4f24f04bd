//! When a page is done.

use std::time::Duration;

use futures::StreamExt;
use skillcrawl::fetch::browser::{Browser, BrowserOptions};

use crate::rendered_site::{RenderedSite, dom};

/// Enough text for a page to look finished.
const ENOUGH: &str = "Enough text for a page to look finished. Enough text for a page to look finished. Enough text for \
     a page to look finished. Enough text for a page to look finished. Enough text for a page to look finished. ";

/// A page that defeats crawlers: what it is called, its HTML (`ENOUGH` stands for that text), what must be in the DOM.
struct Hard(&'static str, &'static str, &'static str);

/// Content that is there in the end: each page is read when it is finished, and said to be settled.
const PAGES: &[Hard] = &[
    Hard("fetches with pauses between them", "<main></main><script>
        const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
        (async () => {
            for (const ms of [600, 1500, 1000]) { await fetch('/data'); await pause(ms); }
            document.querySelector('main').innerHTML = '<p>after three</p>';
        })();</script>", "after three"),
    Hard("fetches with pauses beside text", "<main>ENOUGH</main><script>
        const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
        (async () => {
            for (const ms of [600, 1400]) { await pause(ms); await fetch('/data'); }
            document.querySelector('main').insertAdjacentHTML('beforeend', '<p>after two</p>');
        })();</script>", "after two"),
    Hard("an idle callback", "<main>ENOUGH</main><script>
        requestIdleCallback(() => requestIdleCallback(() => setTimeout(() => document.querySelector('main').append('when idle'), 300)));
        </script>", "when idle"),
    Hard("imports that import", "<main></main><script type=module>
        const one = await import('/one.js?delay=700'); await one.next();</script>", "by the second module"),
    Hard("a worker made from text", "<main>Working</main><script>
        const code = `const end = Date.now() + 3000; while (Date.now() < end); postMessage('worked out')`;
        new Worker(URL.createObjectURL(new Blob([code]))).onmessage = (event) => document.querySelector('main').append(event.data);
        </script>", "worked out"),
    Hard("a worker with a script of its own", "<main></main><script>
        const worker = new Worker('/worker.js');
        worker.onmessage = (event) => { document.querySelector('main').innerHTML = event.data; };
        worker.postMessage(20);</script>", "<p>210</p>"),
    Hard("a main thread that is busy", "<main><p>Reference</p></main><script>
        fetch('/data').then((answer) => answer.text()).then(() => setTimeout(() => {
            const end = Date.now() + 2000; while (Date.now() < end);
            setTimeout(() => {
                const end = Date.now() + 1000; while (Date.now() < end);
                document.querySelector('main').append('parsed at last');
            });
        }));</script>", "parsed at last"),
    Hard("long work in slices", "<main>ENOUGH</main><script>
        const channel = new MessageChannel(); const end = Date.now() + 1500;
        channel.port1.onmessage = () => {
            const slice = Date.now() + 5; while (Date.now() < slice);
            if (Date.now() < end) channel.port2.postMessage(0); else document.querySelector('main').append('slice by slice');
        };
        channel.port2.postMessage(0);</script>", "slice by slice"),
    Hard("a notice in German", "<main><p>Wird geladen …</p></main><script>
        setTimeout(() => { document.querySelector('main').innerHTML = '<p>fertig</p>'; }, 4000);</script>", "fertig"),
    Hard("a notice in Chinese beside a menu", "<div id=app><nav>ENOUGH</nav><article><p>加载中</p></article></div><script>
        fetch('/data?delay=2000').then(() => { document.querySelector('article').innerHTML = '<p>完成</p>'; });
        </script>", "完成"),
    Hard("a skeleton", "<style>.skeleton { height: 1em; background: #ccc }</style>
        <main><div class=skeleton></div><div class=skeleton></div></main><script>
        setTimeout(() => { document.querySelector('main').innerHTML = '<p>no bones</p>'; }, 6000);</script>", "no bones"),
    Hard("a progress bar below text", "<main>ENOUGH<div role=progressbar style='height:4px;background:blue'></div></main><script>
        fetch('/data?delay=900').then(() => fetch('/data?delay=900')).then(() => setTimeout(() => {
            document.querySelector('[role=progressbar]').outerHTML = '<p>progressed</p>';
        }, 500));</script>", "progressed"),
    Hard("aria-busy", "<main aria-busy=true>ENOUGH</main><script>
        const start = Date.now();
        const poll = setInterval(() => {
            if (Date.now() - start < 2000) return;
            clearInterval(poll);
            const main = document.querySelector('main');
            main.append('busy no more'); main.removeAttribute('aria-busy');
        }, 50);</script>", "busy no more"),
    Hard("a request of six seconds", "<main></main><script>
        fetch('/data?delay=6000').then(() => document.querySelector('main').append('slow but there'));</script>", "slow but there"),
    Hard("a beacon that never ends, and one that is sent again and again", "<main></main><script>
        fetch('/data?delay=600000');
        (async () => { for (;;) { await fetch('/data?delay=150&' + Math.random()); } })();
        setTimeout(() => { document.querySelector('main').innerHTML = `<p>ENOUGH</p>despite beacons`; }, 500);</script>", "despite beacons"),
    Hard("a clock, a typing demo and a carousel", "<main><p id=clock></p><div><span id=typed></span></div><ul id=carousel><li>a<li>b<li>c</ul>
        <p>ENOUGH</p></main><script>
        const text = 'npm install something very long that is typed letter by letter ';
        let at = 0;
        setInterval(() => { clock.textContent = new Date().toISOString(); }, 40);
        const type = () => { typed.textContent = text.slice(0, at++ % text.length); setTimeout(type, 60); };
        type();
        const turn = () => { carousel.append(carousel.firstChild); requestAnimationFrame(turn); };
        turn();
        fetch('/data?delay=800').then(() => document.querySelector('main').append('despite motion'));</script>", "despite motion"),
    Hard("an answer in pieces", "<main></main><script>
        (async () => {
            const reader = (await fetch('/lines?chunk=900')).body.pipeThrough(new TextDecoderStream()).getReader();
            for (;;) {
                const { done, value } = await reader.read();
                if (done) break;
                document.querySelector('main').insertAdjacentHTML('beforeend', `<p>${value.repeat(3)}</p>`);
            }
        })();</script>", "eighth line of text"),
    Hard("a root that is replaced", "<div id=root><main><p>ENOUGH</p></main></div><script>
        setTimeout(() => {
            root.innerHTML = '<main><p>ENOUGH</p></main>';
            setTimeout(() => document.querySelector('main').append('hydrated'), 250);
        }, 100);</script>", "hydrated"),
    Hard("shadow roots in shadow roots", "<main><x-outer></x-outer></main><script>
        customElements.define('x-inner', class extends HTMLElement {
            connectedCallback() {
                const root = this.attachShadow({ mode: 'open' });
                root.innerHTML = 'Loading';
                fetch('/data?delay=700').then(() => setTimeout(() => { root.innerHTML = 'deep down'; }, 700));
            }
        });
        customElements.define('x-outer', class extends HTMLElement {
            connectedCallback() { this.attachShadow({ mode: 'open' }).innerHTML = '<p><x-inner></x-inner></p>'; }
        });</script>", "deep down"),
    Hard("content for observers with a margin", "<main><p>ENOUGH</p><div style='height:9000px'></div><div id=far></div></main><script>
        new IntersectionObserver((entries) => {
            if (entries[0].isIntersecting) import('/far.js');
        }, { rootMargin: '50px' }).observe(far);</script>", "from afar"),
    Hard("content for scrolling", "<main><p>ENOUGH</p><div style='height:9000px'></div><div id=far></div></main><script>
        let asked = false;
        addEventListener('scroll', () => setTimeout(() => {
            if (asked || far.getBoundingClientRect().top > innerHeight) return;
            asked = true;
            fetch('/data?delay=300').then(() => { far.textContent = 'scrolled to'; });
        }, 100), { passive: true });</script>", "scrolled to"),
    Hard("a list of which only the rows in view exist", "<main><p>ENOUGH</p><div id=list style='height:300px;overflow-y:auto'>
        <div id=rows style='position:relative;height:12000px'></div></div></main><script>
        const draw = () => {
            const [first, last] = [Math.floor(list.scrollTop / 30), Math.ceil((list.scrollTop + list.clientHeight) / 30)];
            rows.innerHTML = '';
            for (let row = first; row < Math.min(last, 400); row += 1) {
                rows.insertAdjacentHTML('beforeend', `<p style='position:absolute;margin:0;top:${row * 30}px'>row ${row}</p>`);
            }
        };
        draw(); list.addEventListener('scroll', draw);</script>", "row 399"),
    Hard("a page that never loads", "<main></main><img src='/data?delay=600000'><iframe src='/hangs?delay=600000'></iframe>
        <script>document.querySelector('main').innerHTML = '<p>never loaded</p>'</script>", "never loaded"),
    Hard("a frame that fills late", "<main><iframe src='/frame.html?delay=800'></iframe></main>", "framed later"),
    Hard("content beside the root", "<main></main><div class=page><p>ENOUGH</p>beside the root</div>", "beside the root"),
];

/// Pages without content: they end as not settled, and nobody waits for the cap on each.
const EMPTY: &[Hard] = &[
    Hard("nothing", "<main></main>", "<main></main>"),
    Hard(
        "a spinner for ever",
        "<style>.spinner { width: 40px; height: 40px; border: 4px solid }</style>
        <main><div class=spinner></div></main>",
        "spinner",
    ),
    Hard("a notice for ever", "<main><p>Loading…</p></main>", "Loading…"),
];

const FILES: &[(&str, &str, &str)] = &[
    ("/data", "text/plain", "data"),
    (
        "/one.js",
        "text/javascript",
        "export const next = () => new Promise((resolve) => setTimeout(resolve, 800)).then(() => import('/two.js'))",
    ),
    (
        "/two.js",
        "text/javascript",
        "document.querySelector('main').innerHTML = '<p>by the second module</p>'",
    ),
    ("/far.js", "text/javascript", "setTimeout(() => { far.textContent = 'from afar'; }, 300)"),
    (
        "/worker.js",
        "text/javascript",
        "onmessage = ({ data }) => setTimeout(() => {
        let sum = 0; for (let i = 0; i <= data; i += 1) sum += i; postMessage(`<p>${sum}</p>`);
        }, 1500)",
    ),
    (
        "/lines",
        "text/plain",
        "first line of text\nsecond line of text\nthird line of text\nfourth line of text\n\
        fifth line of text\nsixth line of text\nseventh line of text\neighth line of text\n",
    ),
    ("/frame.html", "text/html", "<p id=p></p><script src='/in-frame.js'></script>"),
    ("/in-frame.js", "text/javascript", "setTimeout(() => { p.textContent = 'framed later'; }, 400)"),
];

async fn render_all(pages: &[Hard], settled: bool) {
    let site = RenderedSite::serve(FILES).await;
    let browser = Browser::launch(BrowserOptions { tabs: 4, ..site.options() }).await.unwrap();
    let results = futures::stream::iter(pages.iter().enumerate().map(|(number, Hard(name, html, holds))| {
        let (site, browser) = (&site, &browser);
        async move {
            let html = html.replace("ENOUGH", ENOUGH);
            let dom = dom(site.render(browser, &format!("page-{number}"), &html).await);
            let ready = dom.html.contains(holds);
            (!ready || dom.settled != settled)
                .then(|| format!("{name}: held {ready}, settled {}: {}", dom.settled, dom.html))
        }
    }));
    let wrong: Vec<String> = results.buffered(4).filter_map(async |wrong| wrong).collect().await;
    browser.close().await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_read_when_its_content_is_there() {
    render_all(PAGES, true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_without_content_is_not_settled() {
    render_all(EMPTY, false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_without_content_waits_for_what_earlier_pages_waited_for_in_vain() {
    let site = RenderedSite::serve(FILES).await;
    let browser = Browser::launch(BrowserOptions { tabs: 2, ..site.options() }).await.unwrap();
    // So little comes of the request that it counts as waited for in vain.
    let in_vain = "<main><p>Loading…</p></main><script>
        fetch('/data?delay=1000').then(() => { document.querySelector('main').textContent = 'done'; })</script>";
    let (one, two) =
        futures::join!(site.render(&browser, "one", in_vain), site.render(&browser, "two", in_vain));
    assert!(dom(one).settled && dom(two).settled);
    // Begun when the page is being watched already.
    let late = "<main></main><script>
        setTimeout(() => fetch('/data?delay=6000').then(() => document.querySelector('main').append('late')), 1000)
        </script>";
    let dom = dom(site.render(&browser, "three", late).await);
    assert!(dom.settled && dom.html.contains("late</main>"), "{}: {}", dom.settled, dom.html);
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_script_of_a_worker_is_asked_for_only_where_there_is_no_content_without_it() {
    let site = RenderedSite::serve(FILES).await;
    let html =
        format!("<main><p>{ENOUGH}</p></main><script>new Worker('/worker.js').postMessage(20)</script>");
    let dom = dom(site.render_alone(&html).await);
    assert!(dom.settled, "{}", dom.html);
    assert_eq!(site.asked(), Vec::<String>::new());
}

/// Another host, which the browser is told to find on loopback.
const ELSEWHERE: &str = "http://cdn.example";

#[tokio::test(flavor = "multi_thread")]
async fn another_host_that_does_not_answer_holds_one_page_and_no_other() {
    let (site, other) = (RenderedSite::serve(FILES).await, RenderedSite::serve(FILES).await);
    let address = other.base.authority().host_port().parse().unwrap();
    let hosts = [("cdn.example".to_owned(), address)].into();
    let options = BrowserOptions { tabs: 1, hosts, ..site.options() };
    let browser = Browser::launch(options).await.unwrap();
    // The parser stops at such a script, and what stands after it is not there until it is given up.
    let html = format!(
        "<main><p>{ENOUGH}</p><script src='{ELSEWHERE}/one.js?delay=600000'></script><p>after the script</p></main>
        <script>fetch('{ELSEWHERE}/data?delay=600000')</script>"
    );
    for page in ["one#/a", "two", "three"] {
        let dom = dom(site.render(&browser, page, &html).await);
        assert!(dom.settled && dom.html.contains("after the script"), "{page}: {} {}", dom.settled, dom.html);
    }
    assert_eq!(other.asked(), ["/one.js?delay=600000", "/data?delay=600000"]);
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_begins_while_the_page_is_watched_is_given_up_in_time() {
    const WRITES: &str =
        "document.write(`<script src='http://cdn.example/one.js?delay=600000'></scr` + 'ipt>')";
    let site = RenderedSite::serve(&[("/writes.js", "text/javascript", WRITES)]).await;
    let other = RenderedSite::serve(FILES).await;
    let address = other.base.authority().host_port().parse().unwrap();
    // The page is watched for less time than a request to its own host is waited for.
    let options = BrowserOptions {
        page_timeout: Duration::from_secs(7),
        hosts: [("cdn.example".to_owned(), address)].into(),
        ..site.options()
    };
    let browser = Browser::launch(options).await.unwrap();
    let html = format!(
        "<main><p>{ENOUGH}</p><script src='/writes.js?delay=300'></script><p>after the script</p></main>"
    );
    let dom = dom(site.render(&browser, "one", &html).await);
    assert!(dom.settled && dom.html.contains("after the script"), "{} {}", dom.settled, dom.html);
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn four_tabs_at_once_get_animation_frames_and_intersections() {
    let site = RenderedSite::serve(FILES).await;
    let browser = Browser::launch(BrowserOptions { tabs: 4, ..site.options() }).await.unwrap();
    // Drawn frame by frame, each row only once the one before has been seen.
    let html = "<!DOCTYPE html><main></main><script>
        let frames = 0;
        const row = (number) => {
            const element = document.createElement('p');
            document.querySelector('main').append(element);
            new IntersectionObserver((entries, observer) => {
                if (!entries.some((entry) => entry.isIntersecting)) return;
                observer.disconnect();
                const step = () => {
                    frames += 1;
                    if (frames % 10 > 0) return requestAnimationFrame(step);
                    element.textContent = `row ${number} after ${frames} frames`;
                    if (number < 5) row(number + 1);
                };
                requestAnimationFrame(step);
            }).observe(element);
        };
        row(1);</script>";
    let pages = (0..8).map(|number| {
        let (site, browser) = (&site, &browser);
        async move { site.render(browser, &format!("page-{number}"), html).await }
    });
    for outcome in futures::future::join_all(pages).await {
        let dom = dom(outcome);
        assert!(dom.settled && dom.html.contains("row 5 after 50 frames"), "{} {}", dom.settled, dom.html);
    }
    browser.close().await;
}

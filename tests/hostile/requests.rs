//! What a page may reach: nothing but its own site and public hosts, whichever way it tries, and of those nothing that no
//! text needs. Other loopback ports play the private network.

use std::net::UdpSocket;
use std::time::Duration;

use skillcrawl::fetch::browser::{Browser, BrowserOptions};

use crate::crawl::check_crawl_with;
use crate::processes::wait_until_async;
use crate::render::{check_healthy, dom, options, render, render_with};
use crate::server::{Server, canned, html};

const SCRIPT: &str = "Content-Type: text/javascript";

/// A private host, and the port of loopback that it would be reached by.
struct Private {
    server: Server,
    datagrams: UdpSocket,
}

impl Private {
    fn start() -> Self {
        // The same port for both; now and then somebody else has one of the two.
        let (server, datagrams) = std::iter::repeat_with(|| Server::start([]))
            .take(100)
            .find_map(|server| {
                let datagrams = UdpSocket::bind(("127.0.0.1", server.port())).ok()?;
                Some((server, datagrams))
            })
            .unwrap();
        datagrams.set_nonblocking(true).unwrap();
        Self { server, datagrams }
    }

    #[track_caller]
    fn check_untouched(&self, by: &str) {
        assert_eq!(self.server.seen(), Vec::<String>::new(), "{by}");
        assert!(self.datagrams.recv_from(&mut [0; 2048]).is_err(), "a datagram came: {by}");
    }
}

/// Gives what a page began the time to arrive.
async fn linger() {
    tokio::time::sleep(Duration::from_millis(700)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_way_leads_to_a_private_address() {
    let private = Private::start();
    let port = private.server.port();
    let redirect = |to: String| canned("302 Found", &[&format!("Location: {to}")], "");
    let away = private.server.url("");
    let worker = format!(
        "for (const connect of [() => new WebSocket('ws://127.0.0.1:{port}/worker-socket'), () => new EventSource('{away}/worker-events'),
            () => importScripts('{away}/worker-import.js'), () => fetch('{away}/worker-fetch').catch(() => 0)])
            try {{ connect() }} catch {{}}"
    );
    let server = Server::start([
        ("/hop.js".to_owned(), redirect(format!("{away}/hop.js"))),
        ("/hop-1".to_owned(), redirect("/hop-2".to_owned())),
        ("/hop-2".to_owned(), redirect(format!("{away}/hop"))),
        ("/hop-frame".to_owned(), redirect(format!("{away}/hop-frame"))),
        (
            "/import.css".to_owned(),
            canned("200 OK", &["Content-Type: text/css"], format!("@import '{away}/import.css';")),
        ),
        ("/worker.js".to_owned(), canned("200 OK", &[SCRIPT], worker)),
        (
            "/frame".to_owned(),
            html(format!("<script>new WebSocket('ws://127.0.0.1:{port}/frame-socket')</script>")),
        ),
    ]);
    let browser = Browser::launch(options(&server)).await.unwrap();
    for way in [
        format!("<script src={away}/a.js></script><link rel=stylesheet href={away}/a.css><img src={away}/a.png>"),
        "<script src=/hop.js></script><link rel=stylesheet href=/import.css><iframe src=/hop-frame></iframe><script>fetch('/hop-1').catch(() => 0)</script>".to_owned(),
        format!("<link rel=preconnect href={away}><link rel=dns-prefetch href={away}><link rel=prefetch href={away}/b><link rel=preload as=fetch href={away}/c><link rel=modulepreload href={away}/d><link rel=prerender href={away}/e><link rel=manifest href={away}/f><link rel=icon href={away}/g>"),
        format!("<script type=speculationrules>{{\"prefetch\":[{{\"source\":\"list\",\"urls\":[\"{away}/s\"],\"eagerness\":\"immediate\"}}],\"prerender\":[{{\"source\":\"list\",\"urls\":[\"{away}/t\"],\"eagerness\":\"immediate\"}}]}}</script>"),
        format!("<object data={away}/o></object><embed src={away}/e><video src={away}/v autoplay></video><audio src={away}/a autoplay></audio><svg><image href={away}/i /><use href={away}/u#x /></svg>"),
        format!("<script>navigator.sendBeacon('{away}/beacon', 'x'); fetch('{away}/keep', {{ method: 'POST', body: 'x', mode: 'no-cors', keepalive: true }}).catch(() => 0); addEventListener('pagehide', () => fetch('{away}/bye', {{ mode: 'no-cors', keepalive: true }}))</script>"),
        format!("<script>for (const connect of [() => new WebSocket('ws://127.0.0.1:{port}/'), () => new EventSource('{away}/'), () => new WebTransport('https://127.0.0.1:{port}/'), () => new WebSocketStream('ws://127.0.0.1:{port}/')]) try {{ connect() }} catch {{}}</script>"),
        format!("<iframe></iframe><iframe src=/frame></iframe><script>const realm = frames[0]; try {{ new realm.WebSocket('ws://127.0.0.1:{port}/realm') }} catch {{}}; realm.fetch('{away}/realm').catch(() => 0)</script>"),
        "<script>new Worker('/worker.js'); try { new SharedWorker('/worker.js') } catch {}; new Worker(URL.createObjectURL(new Blob([`importScripts('${location.origin}/worker.js')`])))</script>".to_owned(),
        format!("<iframe></iframe><script>const Peer = window.RTCPeerConnection ?? frames[0].RTCPeerConnection; if (Peer) {{ const peer = new Peer({{ iceServers: [{{ urls: 'stun:127.0.0.1:{port}' }}] }}); peer.createDataChannel('x'); peer.createOffer().then((offer) => peer.setLocalDescription(offer)) }}</script>"),
        format!("<a id=a href='{away}/ping-to' ping='{away}/ping' target=_blank>x</a><a id=b href='{away}/file' download>x</a><form id=f action='{away}/form' target=_blank method=post></form><script>a.click(); b.click(); f.submit(); open('{away}/open')</script>"),
        format!("<script>navigator.credentials?.get({{ identity: {{ providers: [{{ configURL: '{away}/fedcm.json', clientId: 'x' }}] }} }}).catch(() => 0); navigator.serviceWorker?.register('{away}/service.js').catch(() => 0); if (window.PaymentRequest) try {{ new PaymentRequest([{{ supportedMethods: '{away}/pay' }}], {{ total: {{ label: 'x', amount: {{ currency: 'USD', value: '1' }} }} }}).canMakePayment() }} catch {{}}</script>"),
    ] {
        let page = format!("<main>Some text.</main>{way}");
        // A click may lead the page elsewhere; that is told, and not done.
        render(&browser, &server, "/page", &page).await;
        linger().await;
        private.check_untouched(&way);
    }
    let reports = format!("<main>Some text.</main><script src=/blocked.js></script><img src={away}/x>");
    let endpoint = format!(
        "{{\"group\":\"default\",\"max_age\":1000,\"endpoints\":[{{\"url\":\"{away}/report-to\"}}],\"include_subdomains\":true}}"
    );
    let headers = [
        ("content-security-policy", &*format!("script-src 'none'; report-uri {away}/csp; report-to default")),
        ("report-to", &*endpoint),
        ("reporting-endpoints", &*format!("default=\"{away}/reporting\"")),
        ("nel", "{\"report_to\":\"default\",\"max_age\":1000,\"success_fraction\":1}"),
        ("link", &*format!("<{away}/early>; rel=preload; as=script, <{away}>; rel=preconnect")),
    ];
    render_with(&browser, &server, "/reports", &headers, &reports).await;
    linger().await;
    private.check_untouched("reports");
    check_healthy(&browser, &server, 2).await;
    browser.close().await;
    private.check_untouched("closing");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_spelling_leads_to_a_private_address() {
    let private = Private::start();
    let server = Server::start([]);
    // Names are resolved here, unlike in the other tests.
    let browser = Browser::launch(BrowserOptions { host_rules: None, ..options(&server) }).await.unwrap();
    let port = private.server.port();
    let hosts = [
        "127.0.0.1",
        "localhost",
        "localhost.",
        "a.localhost",
        "0.0.0.0",
        "0",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0x7f.0.0.1",
        "0177.0.0.1",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
        "127.0.0.1.",
        "①②⑦.0.0.1",
        "169.254.169.254",
        "[fd00:ec2::254]",
    ];
    let tries: String = hosts
        .map(|host| format!("fetch('http://{host}:{port}/fetch', {{ mode: 'no-cors' }}).catch(() => 0); try {{ new Worker(URL.createObjectURL(new Blob([`new WebSocket('ws://{host}:{port}/')`]))) }} catch {{}};"))
        .concat();
    let page = format!("<main>Some text.</main><script>{tries}</script>");
    dom(render(&browser, &server, "/page", &page).await);
    linger().await;
    private.check_untouched("a spelling");
    browser.close().await;
}

/// What is let through, and what no text needs: counted at the page's own server.
#[tokio::test(flavor = "multi_thread")]
async fn scripts_styles_and_data_are_loaded_and_nothing_else() {
    let server = Server::start([
        (
            "/script.js".to_owned(),
            canned(
                "200 OK",
                &[SCRIPT],
                "import('/module.js'); fetch('/data.json'); const x = new XMLHttpRequest(); x.open('GET', '/data.xml'); x.send()",
            ),
        ),
        (
            "/module.js".to_owned(),
            canned("200 OK", &[SCRIPT], "document.querySelector('main').append('Made by a module.')"),
        ),
        ("/data.json".to_owned(), canned("200 OK", &["Content-Type: application/json"], "{}")),
        (
            "/style.css".to_owned(),
            canned(
                "200 OK",
                &["Content-Type: text/css"],
                "@import '/import.css'; @font-face { font-family: f; src: url(/font.woff2) } main { font-family: f; background: url(/ground.png) }",
            ),
        ),
    ]);
    let browser = Browser::launch(options(&server)).await.unwrap();
    let page = "<link rel=stylesheet href=/style.css><link rel=icon href=/icon.png><link rel=manifest href=/manifest.json>
        <link rel=prefetch href=/prefetch><link rel=prerender href=/prerender><link rel=preconnect href=/>
        <script type=speculationrules>{\"prefetch\":[{\"source\":\"list\",\"urls\":[\"/speculated\"],\"eagerness\":\"immediate\"}],\"prerender\":[{\"source\":\"list\",\"urls\":[\"/prerendered\"],\"eagerness\":\"immediate\"}]}</script>
        <main>Some text.<img src=/image.png srcset='/image-2.png 2x'><picture><source srcset=/picture.webp><img src=/picture.png></picture>
        <video src=/video.mp4 poster=/poster.png autoplay><track src=/track.vtt default></video><audio src=/audio.mp3 autoplay></audio>
        <input type=image src=/input.png><a id=a href=/linked ping=/ping download>x</a></main>
        <script src=/script.js></script><script>
        navigator.sendBeacon('/beacon', 'x'); new EventSource('/events');
        navigator.serviceWorker?.register('/service.js').catch(() => 0);
        try { new SharedWorker('/shared.js') } catch {}
        document.getElementById('a').click(); open('/opened'); new Image().src = '/pixel.gif';
        const worker = new Worker(URL.createObjectURL(new Blob([`new WebSocket('ws://${location.host}/worker-socket')`])));
        new WebSocket(`ws://${location.host}/socket`);
        </script>";
    let html = dom(render(&browser, &server, "/page", page).await);
    assert!(html.contains("Made by a module."), "{html}");
    // Chromium opens a spare connection now and then; what counts is what is asked for.
    let seen = || {
        let mut seen: Vec<String> = server.seen().into_iter().filter(|path| path != "CONNECT").collect();
        seen.sort();
        seen
    };
    let expected = ["/data.json", "/data.xml", "/import.css", "/module.js", "/script.js", "/style.css"];
    wait_until_async("all of that is asked for", || {
        expected.iter().all(|path| seen().contains(&(*path).into()))
    })
    .await;
    linger().await;
    assert_eq!(seen(), expected);
    check_healthy(&browser, &server, 2).await;
    browser.close().await;
}

/// Whoever asks is told no at once: no page waits for an answer, and none gets one.
#[tokio::test(flavor = "multi_thread")]
async fn permissions_are_refused_without_asking() {
    let server = Server::start([]);
    let browser = Browser::launch(options(&server)).await.unwrap();
    let page = "<main>Loading…</main><script>
        const asks = {
            geolocation: () => new Promise((yes, no) => navigator.geolocation.getCurrentPosition(yes, no)),
            notifications: () => Notification.requestPermission().then((state) => state === 'granted' || Promise.reject()),
            camera: () => navigator.mediaDevices.getUserMedia({ video: true }),
            microphone: () => navigator.mediaDevices.getUserMedia({ audio: true }),
            screen: () => navigator.mediaDevices.getDisplayMedia(),
            clipboard: () => navigator.clipboard.readText(),
            midi: () => navigator.requestMIDIAccess({ sysex: true }),
            bluetooth: () => navigator.bluetooth.requestDevice({ acceptAllDevices: true }),
            usb: () => navigator.usb.requestDevice({ filters: [] }),
            serial: () => navigator.serial.requestPort(),
            files: () => showOpenFilePicker(),
            folders: () => showDirectoryPicker(),
            fonts: () => queryLocalFonts(),
            worker: () => navigator.serviceWorker.register('/service.js'),
            password: () => navigator.credentials.get({ password: true, mediation: 'required' }).then((one) => one || Promise.reject()),
            passkey: () => navigator.credentials.get({ publicKey: { challenge: new Uint8Array(16), timeout: 1000 } }),
            file: () => fetch('file:///etc/passwd'),
        };
        // What a browser does not have throws, which is as good as no.
        const answers = Object.entries(asks).map(async ([name, ask]) => {
            try { await ask(); return `${name}: yes`; } catch { return `${name}: no`; }
        });
        Promise.all(answers).then((all) => { document.querySelector('main').textContent = all.join(', ') + '. All answered.'; });
        </script>";
    let html = dom(render(&browser, &server, "/page", page).await);
    assert!(html.contains("All answered.") && !html.contains(": yes"), "{html}");
    check_healthy(&browser, &server, 2).await;
    browser.close().await;
}

/// No other program is started for a link: the one that would be leaves a mark.
#[test]
fn external_protocols_start_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mark = folder.path().join("mark");
    for name in ["xdg-open", "xdg-email", "xdg-settings", "gio", "x-www-browser"] {
        write_program(&folder.path().join(name), &format!("echo \"{name} $*\" >> {}", mark.display()));
    }
    let path = format!("{}:{}", folder.path().display(), std::env::var("PATH").unwrap());
    let links = ["mailto:a@b.invalid", "tel:1", "skillcrawl-test://x", "vscode:x", "magnet:?x", "intent://x"];
    let cases = links.iter().zip(["/0", "/1", "/2", "/3", "/4", "/5"]).map(|(link, path)| {
        let page = format!("<main>Some text.</main><a id=a href='{link}'>x</a><iframe src='{link}'></iframe><script>a.click(); setTimeout(() => {{ location = '{link}' }}, 50); setTimeout(() => document.querySelector('main').append('It came.'), 1500); open('{link}')</script>");
        (path, html(page), &["done"] as &[&str])
    });
    check_crawl_with(cases.collect(), vec![], &serde_json::json!({}), &[("PATH", &path)]);
    assert!(!mark.exists(), "{}", std::fs::read_to_string(&mark).unwrap());
}

/// What a page stores stays with its crawl: the next browser knows nothing of it.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_page_stores_ends_with_its_browser() {
    let server = Server::start([]);
    let page = "<main></main><script>
        const known = localStorage.mark || document.cookie;
        localStorage.mark = 1; document.cookie = 'mark=1';
        document.querySelector('main').append(known ? 'Known here.' : 'New here.');
        </script>";
    for _ in 0..2 {
        let browser = Browser::launch(options(&server)).await.unwrap();
        assert!(dom(render(&browser, &server, "/one", page).await).contains("New here."));
        assert!(dom(render(&browser, &server, "/other", page).await).contains("Known here."));
        browser.close().await;
    }
}

fn write_program(path: &std::path::Path, text: &str) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::write(path, format!("#!/bin/sh\n{text}\n")).unwrap();
    std::fs::set_permissions(path, PermissionsExt::from_mode(0o755)).unwrap();
}

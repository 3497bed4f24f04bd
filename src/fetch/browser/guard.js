// Runs before any script of the page, in the page's own world: closes the ways out that request interception does not
// see. Everything looks as it does in a browser whose network is down, which pages are prepared for.
(() => {
  const offline = () => new DOMException('the network is not available', 'NetworkError');

  // Sockets are not intercepted. This one fails, as to a server that is not there.
  const State = { CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3 };
  class WebSocket extends EventTarget {
    constructor(url) {
      super();
      this.url = String(new URL(url, document.baseURI));
      this.readyState = State.CONNECTING;
      this.onopen = this.onmessage = this.onerror = this.onclose = null;
      setTimeout(() => {
        this.readyState = State.CLOSED;
        this.#fire('error', new Event('error'));
        this.#fire('close', new CloseEvent('close', { code: 1006 }));
      });
    }
    #fire(name, event) {
      this.dispatchEvent(event);
      if (typeof this['on' + name] === 'function') this['on' + name](event);
    }
    send() {}
    close() {}
  }
  Object.assign(WebSocket, State);
  Object.assign(WebSocket.prototype, State, { binaryType: 'blob', bufferedAmount: 0, extensions: '', protocol: '' });
  window.WebSocket = WebSocket;

  for (const name of ['WebTransport', 'RTCPeerConnection', 'webkitRTCPeerConnection', 'SharedWorker',
    'queryLocalFonts']) {
    delete window[name];
  }
  // A service worker would answer for the server, on this page and on every later one.
  if (window.ServiceWorkerContainer) {
    ServiceWorkerContainer.prototype.register = () => Promise.reject(offline());
  }
  Navigator.prototype.sendBeacon = () => true;
  window.open = () => null;
  // Speculation rules have the browser itself ask for other pages, past the interception. They are looked at once the
  // running script is done, which is when we are told of them too, and first: what is gone by then asks for nothing.
  const { scripts } = document;
  const { remove } = Element.prototype;
  new MutationObserver(() => {
    for (let i = scripts.length - 1; i >= 0; i -= 1) {
      if (/^speculationrules$/i.test(scripts[i].type)) remove.call(scripts[i]);
    }
  }).observe(document, { childList: true, subtree: true });
  // Without a window to show it in, the question which screen to share is never answered.
  if (window.MediaDevices) {
    MediaDevices.prototype.getDisplayMedia = () => Promise.reject(new DOMException('denied', 'NotAllowedError'));
  }
  window.print = () => {};
})();

// Runs before any script of the page, in the page's own world: keeps account of what the page has set itself to do and
// has not done yet, which no event of the browser tells. On the event `skillcrawl:ask` it answers with the event
// `skillcrawl:answer`, whose detail is JSON: a list of `[key, milliseconds]`. A key names the work by the code that does
// it, so that work which never changes any content (a clock, a poll) can be known again on the next page.
//
// The page may read and falsify all of this. It gains nothing but to be read too early, or to be waited for in vain, and
// both it can have more easily.
(() => {
  // What a page plans for later than this, it does not need to be finished.
  const LONGEST_DELAY = 10_000;
  const RECENT_MS = 60;
  const MOST_ANSWERED = 50;
  const KEY_LENGTH = 400;
  const { setTimeout, clearTimeout, clearInterval, requestIdleCallback, cancelIdleCallback, Worker, CustomEvent } = window;
  const sourceOf = Function.prototype.toString;
  const { stringify } = JSON;
  const now = performance.now.bind(performance);

  // Everything that is loaded is to be found in the buffer, however late it is looked at.
  performance.setResourceTimingBufferSize(20_000);

  const timers = new Map();
  window.setTimeout = function (callback, delay, ...rest) {
    const wait = Math.max(Number(delay) || 0, 0);
    if (typeof callback !== 'function' || wait > LONGEST_DELAY) return setTimeout.call(window, callback, delay, ...rest);
    const id = setTimeout.call(window, function (...passed) {
      timers.delete(id);
      return callback.apply(this, passed);
    }, delay, ...rest);
    timers.set(id, { callback, wait });
    return id;
  };
  window.clearTimeout = function (id) {
    timers.delete(id);
    clearTimeout.call(window, id);
  };
  window.clearInterval = function (id) {
    timers.delete(id);
    clearInterval.call(window, id);
  };

  const idle = new Map();
  window.requestIdleCallback = function (callback, ...rest) {
    if (typeof callback !== 'function') return requestIdleCallback.call(window, callback, ...rest);
    const id = requestIdleCallback.call(window, function (deadline) {
      idle.delete(id);
      return callback.call(this, deadline);
    }, ...rest);
    idle.set(id, { callback, wait: 0 });
    return id;
  };
  window.cancelIdleCallback = function (id) {
    idle.delete(id);
    cancelIdleCallback.call(window, id);
  };

  const frames = new Map();
  const { requestAnimationFrame, cancelAnimationFrame } = window;
  window.requestAnimationFrame = function (callback) {
    if (typeof callback !== 'function') return requestAnimationFrame.call(window, callback);
    const id = requestAnimationFrame.call(window, function (time) {
      frames.delete(id);
      return callback.call(this, time);
    });
    frames.set(id, { callback, wait: 0 });
    return id;
  };
  window.cancelAnimationFrame = function (id) {
    frames.delete(id);
    cancelAnimationFrame.call(window, id);
  };

  // The interception sees requests too, but on a busy machine it hears of them after the page has been judged.
  // It knows them better, though, once it has heard: so a request is told as new at first, unless it is a poll.
  const NEW_MS = 500;
  const MOST_NEW = 2;
  const asked = new Map();
  const times = new Map();
  const begin = (request, name) => {
    times.set(name, (times.get(name) ?? 0) + 1);
    asked.set(request, { name, since: now() });
  };
  const tell = ({ name, since }) => (now() - since < NEW_MS && times.get(name) <= MOST_NEW ? 'new request' : name);
  const pathOf = (target) => {
    try { return `request ${new URL(target?.url ?? target, document.baseURI).pathname}`; } catch { return 'request'; }
  };
  const { fetch } = window;
  window.fetch = function (...passed) {
    const answer = fetch.apply(window, passed);
    begin(answer, pathOf(passed[0]));
    const ended = () => asked.delete(answer);
    answer.then(ended, ended);
    return answer;
  };
  const { open, send } = XMLHttpRequest.prototype;
  const opened = new WeakMap();
  XMLHttpRequest.prototype.open = function (...passed) {
    opened.set(this, pathOf(passed[1]));
    return open.apply(this, passed);
  };
  XMLHttpRequest.prototype.send = function (...passed) {
    begin(this, opened.get(this) ?? 'request');
    this.addEventListener('loadend', () => asked.delete(this), { once: true });
    try {
      return send.apply(this, passed);
    } catch (error) {
      asked.delete(this);
      throw error;
    }
  };

  // Schedulers cut long work in slices and post themselves a message after each.
  let posted = -RECENT_MS;
  const { postMessage } = MessagePort.prototype;
  MessagePort.prototype.postMessage = function (...passed) {
    posted = now();
    return postMessage.apply(this, passed);
  };

  // A script that has arrived is not one that has run: it is compiled aside first. And once it has, an application takes
  // over in slices what was sent drawn already.
  const TAKEOVER_MS = 1500;
  const NO_SCRIPT = /^(application\/(ld\+)?json|text\/(template|html|x-)|importmap|speculationrules|math\/)/i;
  const { HTMLScriptElement } = window;
  const ran = new WeakSet();
  let ranAt = -TAKEOVER_MS;
  const hasRun = ({ target }) => {
    if (!(target instanceof HTMLScriptElement)) return;
    ran.add(target);
    ranAt = now();
  };
  document.addEventListener('load', hasRun, true);
  document.addEventListener('error', hasRun, true);
  // Some are never asked for: those that came by `innerHTML`, and `nomodule`.
  const isWaiting = (script) => script.src && !ran.has(script) && !NO_SCRIPT.test(script.type)
    && performance.getEntriesByName(script.src, 'resource').length > 0;

  // A worker has something to do from its start, and from each message to it, until it says something.
  const busy = new Map();
  if (Worker) {
    window.Worker = class extends Worker {
      #name;
      constructor(script, ...rest) {
        super(script, ...rest);
        const url = new URL(script, document.baseURI);
        this.#name = url.protocol === 'blob:' || url.protocol === 'data:' ? 'worker' : `worker ${url.pathname}`;
        const rests = () => busy.delete(this);
        this.addEventListener('message', rests);
        this.addEventListener('error', rests);
        busy.set(this, this.#name);
      }
      postMessage(...passed) {
        busy.set(this, this.#name);
        return super.postMessage(...passed);
      }
      terminate() {
        busy.delete(this);
        return super.terminate();
      }
    };
    Object.defineProperty(window.Worker, 'name', { value: 'Worker' });
  }

  // A closed shadow root is shown as an open one is, and can be read only if it is one.
  const { attachShadow } = Element.prototype;
  Element.prototype.attachShadow = function (options, ...rest) {
    return attachShadow.call(this, { ...options, mode: 'open' }, ...rest);
  };

  const keyOf = (callback) => {
    const source = sourceOf.call(callback).slice(0, KEY_LENGTH);
    let hash = 0;
    for (let i = 0; i < source.length; i += 1) hash = (Math.imul(hash, 31) + source.charCodeAt(i)) | 0;
    return hash.toString(36);
  };

  const account = () => {
    const answer = [];
    for (const { callback, wait } of [...timers.values(), ...idle.values(), ...frames.values()]) {
      if (answer.length >= MOST_ANSWERED) break;
      answer.push([keyOf(callback), wait]);
    }
    for (const name of [...busy.values(), ...[...asked.values()].map(tell)]) answer.push([name, 0]);
    if (Array.prototype.some.call(document.scripts, isWaiting)) answer.push(['script', 0]);
    if (now() - posted < RECENT_MS) answer.push([now() - ranAt < TAKEOVER_MS ? 'takeover' : 'message', 0]);
    return stringify(answer.slice(0, MOST_ANSWERED));
  };

  window.addEventListener('skillcrawl:ask', (event) => {
    event.stopImmediatePropagation();
    // A page that has broken the language must not hear of an error that it would not have had without us.
    try {
      window.dispatchEvent(new CustomEvent('skillcrawl:answer', { detail: account() }));
    } catch { /* Nothing is known, then. */ }
  });
})();

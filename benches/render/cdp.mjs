// Chromium on a pipe: starts it and speaks the DevTools protocol with it.
import { spawn } from 'node:child_process';

/// Starts Chromium; `call` sends a command and answers with its result, `close` ends it.
export const launch = (program, switches, home) => {
  const chrome = spawn(program, [...switches, '--remote-debugging-pipe', `--user-data-dir=${home}`], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  });
  const waiting = new Map();
  let [last, rest] = [0, ''];
  chrome.stdio[4].setEncoding('utf8').on('data', (chunk) => {
    const messages = (rest + chunk).split('\0');
    rest = messages.pop();
    for (const { id, result, error } of messages.map((message) => JSON.parse(message))) {
      const answer = waiting.get(id);
      waiting.delete(id);
      if (error) answer?.reject(new Error(error.message)); else answer?.resolve(result);
    }
  });
  const call = (method, params = {}, sessionId) => new Promise((resolve, reject) => {
    waiting.set(last += 1, { resolve, reject });
    chrome.stdio[3].write(`${JSON.stringify({ id: last, method, params, sessionId })}\0`);
  });
  const close = async () => {
    const ended = new Promise((resolve) => { chrome.once('exit', resolve); });
    await call('Browser.close').catch(() => {});
    await ended;
  };
  return { call, close, pid: chrome.pid };
};

/// Opens a tab; answers with the id of its session.
export const openTab = async (call) => {
  const { targetId } = await call('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await call('Target.attachToTarget', { targetId, flatten: true });
  await call('Page.enable', {}, sessionId);
  await call('Emulation.setFocusEmulationEnabled', { enabled: true }, sessionId);
  return { sessionId, targetId };
};

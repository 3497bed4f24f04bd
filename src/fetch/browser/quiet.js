// Runs in a world of our own once the page was taken: ends what the page has under way and what it planned for later,
// so that it neither works on while nobody looks nor asks for anything while the next page comes in its place.
(() => {
  const MOST = 10000;
  window.stop();
  // The numbers count up, and all worlds of a document share them.
  const timer = setTimeout(() => {});
  for (let id = timer; id > 0 && id > timer - MOST; id -= 1) clearTimeout(id);
  const frame = requestAnimationFrame(() => {});
  for (let id = frame; id > 0 && id > frame - MOST; id -= 1) cancelAnimationFrame(id);
  return true;
})()

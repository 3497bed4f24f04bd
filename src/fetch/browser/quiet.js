// Ends what a page that was taken has under way and what it planned for later, so that it neither works on while nobody
// looks nor asks for anything while the next page comes in its place. Returns whether that can be said of it.
globalThis.skillcrawl.quiet = () => {
  const MOST = 10000;
  const ends = (number, end) => { for (let id = number; id > 0 && id > number - MOST; id -= 1) end(id); };
  try {
    window.stop();
    // The numbers count up, and all worlds of a document share them.
    ends(setTimeout(() => {}), clearTimeout);
    ends(requestAnimationFrame(() => {}), cancelAnimationFrame);
    return true;
  } catch {
    return false;
  }
};

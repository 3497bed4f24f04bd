// Runs in the page's own world, on pages that show an API description which they did not load as a file. Returns the
// description as text, or null. Each viewer keeps it where scripts can reach it; a getter that throws is no answer.
(() => {
  const LARGEST = 20_000_000;
  const SPAN = 60;
  const text = (value) => {
    const written = typeof value === 'string' ? value : JSON.stringify(value);
    const states = /["']?(openapi|swagger)["']?\s*:\s*["']?[23]\./.test(written ?? '');
    return states && written.length <= LARGEST ? written : null;
  };
  // Redoc draws with React and keeps its store in the properties of a component above its own elements.
  const ofRedoc = () => {
    const wrap = document.querySelector('.redoc-wrap');
    const key = wrap && Object.keys(wrap).find((name) => name.startsWith('__reactFiber$'));
    let fiber = key && wrap[key];
    for (let step = 0; fiber && step < SPAN; step += 1, fiber = fiber.return) {
      const spec = fiber.memoizedProps?.store?.spec?.parser?.spec;
      if (spec) return spec;
    }
    return null;
  };
  const sources = [
    () => window.ui?.specSelectors?.specStr?.(),
    () => window.ui?.specSelectors?.specJson?.().toJS(),
    () => window.__redoc_state?.spec?.data,
    ofRedoc,
    ...[...document.querySelectorAll('elements-api')].map((element) => () => element.apiDescriptionDocument),
  ];
  for (const source of sources) {
    try {
      const found = text(source());
      if (found) return found;
    } catch {
      // The viewer is another version, or the page is not done.
    }
  }
  return null;
})()

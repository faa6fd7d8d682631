// Runs before the first paint. Without a choice nothing is set and the page follows the system.
(() => {
  try {
    const theme = localStorage.getItem('ledgerbridge.theme');
    if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
  } catch {
    // Storage may be forbidden; the system's theme is then the only one.
  }
})();

import { defineConfig, devices } from "@playwright/test";

// `cargo xtask e2e` starts the server, the simulated vendor and this, and sets
//   BASE_URL                           where the portal answers
//   SIM_URL, SIM_CLIENT_ID, SIM_CLIENT_SECRET   the simulated NinjaOne; SIM2_… another account at another one
//   MAIL_HOST                          where the portal sends mails; a spec that wants them listens there
//   CHROMIUM                           the browser; unset: Playwright's own
//   LOOKS                              how closely pages are looked at: nothing, barriers (no pictures), or pictures (as unset)
export default defineConfig({
  testDir: "./tests",
  timeout: 60_000,
  expect: { timeout: 10_000 },
  // One server and one database: the specs take turns.
  workers: 1,
  fullyParallel: false,
  // A loaded machine may let one wait run out: tried again at once, then by `cargo xtask e2e` on a fresh server.
  retries: process.env.CI ? 1 : 0,
  forbidOnly: !!process.env.CI,
  reporter: [["list"]],
  outputDir: "test-results",
  use: {
    ...devices["Desktop Chrome"],
    viewport: { width: 1280, height: 800 },
    baseURL: process.env.BASE_URL ?? "http://127.0.0.1:3000",
    locale: "en-GB",
    timezoneId: "UTC",
    screenshot: "only-on-failure",
    // Recording doubles the time: TRACE=1 when something fails and the picture does not say why.
    trace: process.env.TRACE ? "retain-on-failure" : "off",
    launchOptions: {
      executablePath: process.env.CHROMIUM || undefined,
      // No sandbox as root, no calls to the outside, no shared-memory limit in containers.
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
      ],
    },
  },
});

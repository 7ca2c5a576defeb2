// The `test` of all specs. It fails on whatever goes wrong in the browser and was not announced.

import { test as base, expect, type BrowserContext, type Request } from "@playwright/test";

/** Problems of the pages of a context, and what a test expects to go wrong. */
export class Watch {
  readonly problems: string[] = [];
  private readonly announced: { what: string; url: RegExp; seen: number }[] = [];

  /** Answers of this status are part of the test. One that never comes fails it. */
  expectStatus(status: number, url: RegExp) {
    this.announced.push({ what: String(status), url, seen: 0 });
  }

  /** Requests that fail on their way are part of the test. */
  expectFailure(url: RegExp) {
    this.announced.push({ what: "failed", url, seen: 0 });
  }

  /** Listens to every page of a context. */
  on(context: BrowserContext) {
    context.on("console", (message) => {
      // What could not be loaded is judged by its response.
      const judged = message.text().startsWith("Failed to load resource");
      if (["error", "warning"].includes(message.type()) && !judged) {
        this.problems.push(`console ${message.type()}: ${message.text()}`);
      }
    });
    context.on("weberror", (error) => this.problems.push(`page error: ${error.error()}`));
    context.on("response", (response) => {
      if (response.status() >= 400) this.judge(String(response.status()), response.request());
    });
    context.on("requestfailed", (request) => {
      const why = request.failure()?.errorText ?? "";
      // A page that is left takes its requests with it.
      if (why !== "net::ERR_ABORTED") this.judge("failed", request, why);
    });
  }

  private judge(what: string, request: Request, why = "") {
    const known = this.announced.find((a) => a.what === what && a.url.test(request.url()));
    if (known) known.seen += 1;
    else this.problems.push(`${what} ${why}: ${request.method()} ${request.url()}`);
  }

  /** Everything that went wrong, and everything that should have and did not. */
  verdict() {
    const missing = this.announced.filter((a) => a.seen === 0);
    return [...this.problems, ...missing.map((a) => `announced, but never seen: ${a.what} ${a.url}`)];
  }
}

export const test = base.extend<{ watch: Watch }>({
  watch: [
    async ({ context }, use) => {
      const watch = new Watch();
      watch.on(context);
      await use(watch);
      expect(watch.verdict(), "problems in the browser").toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

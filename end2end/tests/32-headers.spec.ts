// The policy of pages: nothing that they need is refused by it, and what is not theirs does not run.

import type { Page } from "@playwright/test";
import * as arrange from "./support/arrange";
import { open } from "./support/page";
import { expect, test } from "./support/signed-in";

type Refusals = { refused: string[] };

/** Writes down whatever the browser refuses because of the policy, from the first byte of each page. */
async function listen(page: Page) {
  await page.addInitScript(() => {
    const kept = window as unknown as Refusals;
    kept.refused = [];
    document.addEventListener("securitypolicyviolation", (event) => {
      kept.refused.push(`${event.effectiveDirective}: ${event.blockedURI} ${event.sample}`);
    });
  });
}

const refused = (page: Page) => page.evaluate(() => (window as unknown as Refusals).refused);

test("pages need nothing that their policy refuses", async ({ page, http }) => {
  const id = await arrange.imported(http);
  await listen(page);
  for (const address of [
    "/",
    "/companies",
    "/devices",
    "/reports",
    "/device-types",
    "/settings/integrations",
    `/integrations/${id}/organizations`,
    `/integrations/${id}/runs`,
  ]) {
    await open(page, address);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    expect(await refused(page), address).toEqual([]);
  }
});

test("a list opens at its field although pages take no style attributes", async ({ page, http }) => {
  const id = await arrange.mapped(http);
  await listen(page);
  await open(page, `/integrations/${id}/organizations`);
  const field = page.getByRole("main").getByRole("combobox").first();
  await field.click();
  const list = page.getByRole("listbox").first();
  await expect(list).toBeVisible();
  const [under, box] = await Promise.all([field.boundingBox(), list.boundingBox()]);
  expect(Math.abs(box!.x - under!.x)).toBeLessThan(60);
  expect(await list.evaluate((e) => getComputedStyle(e.parentElement!).maxHeight)).toMatch(/^\d+px$/);
  expect(await refused(page)).toEqual([]);
});

test("a script that is not the page's does not run", async ({ page, watch }) => {
  await listen(page);
  await open(page, "/companies");
  const ran = await page.evaluate(async () => {
    const script = document.createElement("script");
    script.textContent = "window.injected = true";
    document.body.append(script);
    const picture = document.createElement("div");
    picture.innerHTML = "<img src='data:,' onerror='window.injected = true'>";
    document.body.append(picture);
    await new Promise((resolve) => setTimeout(resolve, 300));
    return (window as unknown as { injected?: boolean }).injected ?? false;
  });
  expect(ran).toBe(false);
  expect((await refused(page)).map((line) => line.split(":")[0])).toEqual(["script-src-elem", "script-src-attr"]);
  // Both are errors of the console too, and meant to be.
  const told = watch.problems.splice(0);
  expect(told.every((problem) => problem.includes("Content Security Policy"))).toBe(true);
});

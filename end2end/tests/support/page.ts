// What specs do with pages again and again.

import AxeBuilder from "@axe-core/playwright";
import { expect, type Locator, type Page } from "@playwright/test";
import path from "node:path";

/** Waits until the page reacts. */
export async function hydrated(page: Page) {
  await expect(page.locator("body[data-hydrated=true]"), "the page hydrates").toBeAttached();
}

/** Opens an address and waits until the page reacts. */
export async function open(page: Page, address: string) {
  await page.goto(address);
  await hydrated(page);
}

/** Loads the page anew and waits until it reacts. */
export async function reload(page: Page) {
  await page.reload();
  await hydrated(page);
}

/** Axe finds nothing, however slight; `rules` are all where none are named. */
export async function expectAccessible(page: Page, when = page.url(), rules: string[] = []) {
  const axe = new AxeBuilder({ page });
  const { violations } = await (rules.length ? axe.withRules(rules) : axe).analyze();
  const told = violations.map((v) => `${v.id}: ${v.nodes.map((n) => `${n.target} ${n.failureSummary}`).join(" | ")}`);
  expect(told, `accessibility: ${when}`).toEqual([]);
}

/** Nothing is wider than the window. */
export async function expectNoSidewaysScroll(page: Page, when = page.url()) {
  const tooWide = await page.evaluate(() => {
    const root = document.documentElement;
    return root.scrollWidth > root.clientWidth ? `${root.scrollWidth} > ${root.clientWidth}` : "";
  });
  expect(tooWide, `scrolls sideways: ${when}`).toBe("");
}

const WIDE = { width: 1280, height: 800 };
const NARROW = { width: 360, height: 740 };
const FOLDER = path.join(__dirname, "../../screenshots");

/** Shows the page in a theme, and waits until it is painted so. */
async function paint(page: Page, colorScheme: "light" | "dark") {
  await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
  await page.evaluate(async () => {
    // A headless browser may lose a frame and never paint the next one by itself; a picture makes it.
    const late = () => new Promise((resolve) => setTimeout(resolve, 200));
    const frame = () => Promise.race([new Promise((resolve) => requestAnimationFrame(resolve)), late()]);
    await frame();
    const ends = document.getAnimations().filter(endsSoon).map((animation) => animation.finished);
    await Promise.race([Promise.allSettled(ends), late()]);
    await frame();

    function endsSoon(animation: Animation) {
      return Number(animation.effect?.getComputedTiming().endTime) < 2000;
    }
  });
}

/** A headless browser on a busy machine may lose a frame and wait for it for ever: asked again, it goes on. */
async function unstuck(action: () => Promise<unknown>) {
  let patience = 1_000;
  await expect(async () => {
    patience *= 2;
    const late = new Promise((_, reject) => setTimeout(() => reject(new Error("no frame was painted")), patience));
    await Promise.race([action(), late]);
  }).toPass({ timeout: 30_000 });
}

/** Nothing may scroll sideways on the small screen; pictures of the page in both themes and widths, where they are wanted. */
export async function pictures(page: Page, name: string) {
  if (process.env.LOOKS === "nothing") return;
  for (const size of [NARROW, WIDE]) {
    await unstuck(() => page.setViewportSize(size));
    if (size === NARROW) await expectNoSidewaysScroll(page, name);
    if (process.env.LOOKS === "barriers") continue;
    // As tall as the page, so that what is fixed at the bottom stands there; a dialog stays on one screen.
    const tall = await page.evaluate(() =>
      document.querySelector("dialog[open]") ? 0 : document.documentElement.scrollHeight,
    );
    const height = Math.max(size.height, Math.min(tall, 8000));
    await unstuck(() => page.setViewportSize({ ...size, height }));
    for (const theme of ["dark", "light"] as const) {
      await unstuck(() => paint(page, theme));
      const file = path.join(FOLDER, `${name}-${theme}-${size.width}.png`);
      await unstuck(() => page.screenshot({ path: file, animations: "disabled" }));
    }
  }
  await unstuck(() => page.setViewportSize(WIDE));
}

/** Pictures, and a look for barriers; once, since pages look the same on every database. Dark contrast is looked at with the
 *  pictures, and `always` where all pages are looked at: the themes' own colours are checked by `xtask/src/palette.rs`. */
export async function inspect(page: Page, name: string, always = false) {
  if (process.env.LOOKS === "nothing") return;
  await pictures(page, name);
  await paint(page, "light");
  await expectAccessible(page, `${name}, light`);
  if (process.env.LOOKS === "barriers" && !always) return;
  await paint(page, "dark");
  // A theme changes nothing but colours.
  await expectAccessible(page, `${name}, dark`, ["color-contrast"]);
  await paint(page, "light");
}

/** The field is marked as wrong and says so. */
export async function expectFieldError(field: Locator, text: string | RegExp) {
  await expect(field).toHaveAccessibleDescription(typeof text === "string" ? new RegExp(escaped(text)) : text);
  await expect(field).toHaveAttribute("aria-invalid", "true");
}

function escaped(text: string) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** The message that something was done. */
export function toast(page: Page, text: string | RegExp) {
  return page.locator("[data-toasts] .alert").filter({ hasText: text });
}

/** The panel of a run. */
export function runPanel(page: Page, name?: string) {
  const panel = page.getByTestId("run-panel");
  return name ? panel.filter({ has: page.getByRole("heading", { name, exact: true }) }) : panel;
}

/** The panel shows a run that has come to a good end. */
export async function expectCompleted(panel: Locator) {
  await expect(panel).toHaveAttribute("data-run-state", "completed", { timeout: 30_000 });
}

/** A tab over a list, with the count it shows. */
export async function tabCount(page: Page, label: string) {
  const tab = page.getByRole("navigation", { name: "Filter by status" }).getByRole("link", { name: new RegExp(`^${label}`) });
  const badge = tab.locator(".badge");
  await expect(badge).toBeVisible();
  return Number((await badge.innerText()).replace(/\D/g, ""));
}

/** The row of that name in the table of a mapping step. */
export function mappingRow(page: Page, name: string) {
  return page.locator("tr[data-remote-id]").filter({
    has: page.getByRole("rowheader", { name: new RegExp(`^${escaped(name)}`) }),
  });
}

/** Chooses in a combobox as somebody without a mouse does. */
export async function chooseByKeyboard(page: Page, field: Locator, typed: string, option: string | RegExp) {
  await field.focus();
  await field.pressSequentially(typed);
  const wanted = page.getByRole("option", { name: option });
  await expect(wanted).toHaveAttribute("aria-selected", "true");
  await expect(field).toHaveAttribute("aria-activedescendant", (await wanted.getAttribute("id")) ?? "");
  await field.press("Enter");
  await expect(page.getByRole("listbox")).toHaveCount(0);
}

/** Chooses in a combobox with the mouse. */
export async function choose(page: Page, field: Locator, option: string | RegExp) {
  await field.click();
  await page.getByRole("listbox").getByRole("option", { name: option }).click();
}

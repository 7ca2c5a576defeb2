// Duplicates: pairs that look like one machine, side by side, merged and taken back.

import type { APIRequestContext, Page } from "@playwright/test";
import { read, write } from "./support/api";
import * as arrange from "./support/arrange";
import { inspect, open, reload, toast } from "./support/page";
import { expect, test } from "./support/signed-in";

const NAME = "Typed by hand";

/** A device that was added by hand with the serial number of one that NinjaOne has; answers both. */
async function twins(http: APIRequestContext) {
  await arrange.imported(http);
  const { items } = await read(http, "devices/list", { page_size: 200, status: "online" });
  const serials = items.map((d: { serial?: string }) => d.serial);
  const alone = (s?: string) => s && serials.filter((other: string) => other === s).length === 1;
  const fed = items.find((d: { serial?: string }) => alone(d.serial));
  const found = await read(http, "devices/list", { search: NAME });
  const manual =
    found.items[0] ??
    (await write(http, "devices/create", {
      fields: [
        { field: "name", value: NAME },
        { field: "company", value: fed.company.id },
        { field: "device_type", value: fed.device_type.id },
        { field: "serial", value: fed.serial },
        { field: "asset_tag", value: "A-1042" },
        { field: "notes", value: "Front desk, second drawer.\nAsk Mira for the key." },
      ],
    }));
  return { fed, manual };
}

const pair = (page: Page) => page.locator("tr[data-pair-id]").filter({ hasText: NAME });
const decision = (page: Page) => page.getByRole("region", { name: "Decision" });

test("a pair is compared, merged, taken back and told apart", async ({ page, http }) => {
  const { fed, manual } = await twins(http);
  await open(page, "/duplicates");
  await expect(pair(page)).toContainText(`Same serial number ${fed.serial.toUpperCase()}`);
  await expect(pair(page)).toContainText("Very likely");
  await inspect(page, "21-duplicates");
  await pair(page).getByRole("link", { name: /^Compare/ }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Are these the same device?" })).toBeFocused();
  // The one that is fed is proposed; what a person wrote on the other one is taken over.
  await expect(page.getByRole("radio", { name: `Keep ${fed.name}` })).toBeChecked();
  await expect(page.getByRole("radio", { name: /^Asset tag of Typed by hand/ })).toBeChecked();
  await expect(page.locator("tr[data-field=serial]")).toHaveAttribute("data-differs", "false");
  await expect(page.locator("tr[data-field=name]")).toHaveAttribute("data-differs", "true");
  await inspect(page, "21-compare");
  await page.getByRole("radio", { name: `Keep ${NAME}` }).check();
  await expect(decision(page)).toContainText("goes on with what feeds");
  await page.getByRole("radio", { name: `Keep ${fed.name}` }).check();
  await page.getByRole("radio", { name: new RegExp(`^Name of ${NAME}`) }).check();
  await page.getByRole("button", { name: `Merge, keep ${fed.name}` }).click();
  await expect(toast(page, "Merged")).toBeVisible();
  await expect(page.getByRole("heading", { level: 1, name: "Merged devices" })).toBeVisible();
  // Both are called the same by now.
  await expect(page.getByRole("columnheader", { name: /Stays/ })).toContainText("NinjaOne");
  await expect(page.getByRole("columnheader", { name: /Hidden/ })).toContainText("No integration");
  await inspect(page, "21-merged");
  const kept = await read(http, "devices/get", { device_id: fed.id });
  expect([kept.facts.name, kept.asset_tag]).toEqual([NAME, "A-1042"]);
  await open(page, `/devices/${manual.id}`);
  await expect(page.getByTestId("merged")).toContainText("This is the same device as");
  await page.locator("li[data-kind=merged]").first().getByRole("link", { name: `Show ${NAME}` }).click();
  await expect(page).toHaveURL(`/devices/${fed.id}`);
  await open(page, "/duplicates?state=merged");
  await pair(page).getByRole("link", { name: /^Look again/ }).click();
  await page.getByRole("button", { name: "Take the merge back" }).click();
  await expect(toast(page, "Taken back")).toBeVisible();
  await expect(page.getByRole("heading", { level: 1, name: "Are these the same device?" })).toBeVisible();
  const back = await read(http, "devices/get", { device_id: fed.id });
  expect([back.facts.name, back.asset_tag]).toEqual([fed.name, null]);

  await page.getByRole("button", { name: "Not the same" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Not the same device" })).toBeVisible();
  await open(page, "/duplicates");
  await expect(pair(page)).toHaveCount(0);
  await page.getByRole("navigation", { name: "Filter by state" }).getByRole("link", { name: /^Not the same/ }).click();
  await expect(pair(page)).toBeVisible();
  await pair(page).getByRole("link", { name: /^Look again/ }).click();
  await page.getByRole("button", { name: "Decide again" }).click();
  await expect(page.getByRole("button", { name: "Not the same" })).toBeVisible();
  await reload(page);
  await expect(page.getByRole("button", { name: /^Merge, keep/ })).toBeVisible();
});

test("a merge that cannot be taken back says why", async ({ page, http, watch }) => {
  watch.expectStatus(409, /duplicates\/unmerge/);
  const { fed, manual } = await twins(http);
  const { items } = await read(http, "duplicates/list", { search: "" });
  const of = (d: { id: string }) => d.id === manual.id;
  const found = items.find((p: { left: { id: string }; right: { id: string } }) => of(p.left) || of(p.right));
  await write(http, "duplicates/merge", { duplicate_id: found.id, keep: fed.id, take: ["notes"] });
  await write(http, "devices/update", { device_id: fed.id, fields: [{ field: "notes", value: "Something else" }] });
  await open(page, `/duplicates/${found.id}`);
  await page.getByRole("button", { name: "Take the merge back" }).click();
  await expect(toast(page, /Notes of .* changed again since/)).toBeVisible();
  await write(http, "devices/update", {
    device_id: fed.id,
    fields: [{ field: "notes", value: "Front desk, second drawer.\nAsk Mira for the key." }],
  });
  await page.getByRole("button", { name: "Take the merge back" }).click();
  await expect(toast(page, "Taken back")).toBeVisible();
  await write(http, "devices/edit", { select: { ids: [manual.id] }, action: "archive" });
  await open(page, "/duplicates");
  await expect(pair(page)).toHaveCount(0);
});

test("a pair that is gone is said to be gone", async ({ page, watch }) => {
  watch.expectStatus(404, /duplicates\/00000000/);
  expect((await page.goto("/duplicates/00000000-0000-7000-8000-000000000000"))?.status()).toBe(404);
  await expect(page.getByRole("heading", { level: 1, name: "Pair not found" })).toBeVisible();
});

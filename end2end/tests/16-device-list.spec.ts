// The list of devices: filters, columns, saved views, the file.

import type { Page } from "@playwright/test";
import { read, write } from "./support/api";
import * as arrange from "./support/arrange";
import { expectAccessible, hydrated, inspect, open, reload, toast } from "./support/page";
import { sim } from "./support/sim";
import { expect, test } from "./support/signed-in";

const rows = (page: Page) => page.locator("tr[data-device-id]");
const head = (page: Page, name: string) => page.getByRole("columnheader", { name, exact: true });

test.beforeEach(async ({ http }) => {
  await arrange.imported(http);
  for (const view of await read(http, "views/list")) await write(http, "views/delete", { view_id: view.id });
});

test("filters are in the address, and tell how many there are", async ({ page, http }) => {
  await open(page, "/devices");
  await page.getByLabel("Filter by operating system").selectOption({ label: "Windows Server" });
  await expect(page).toHaveURL(/os=windows_server/);
  const servers = await read(http, "devices/list", { os: "windows_server" });
  await expect(page.getByRole("status").filter({ hasText: `of ${servers.total}` })).toBeVisible();
  await expect(rows(page).first()).toContainText("Windows Server");
  await page.getByText("More filters").click();
  await page.getByLabel("Filter by warranty").selectOption({ label: "No end known" });
  await page.getByLabel("Filter by archive").selectOption({ label: "With archived" });
  await page.getByRole("link", { name: "No owner" }).click();
  await expect(page).toHaveURL(/owner=none/);
  await expect(page.getByText("More filters (3 set)")).toBeVisible();
  const some = { os: "windows_server", warranty: "none", archived: "with", owner: "none" };
  const { total } = await read(http, "devices/list", some);
  await reload(page);
  await expect(page.getByLabel("Filter by warranty")).toHaveValue("none");
  if (total > 0) await expect(rows(page)).toHaveCount(Math.min(total, 50));
  else await expect(page.getByText("No device matches")).toBeVisible();
  await inspect(page, "16-filters");
  await page.getByLabel("Filter by last contact").selectOption({ label: "Never" });
  await expect(page).toHaveURL(/last_contact=never/);
  await expect(page.getByText("No device matches")).toBeVisible();
  await page.getByRole("link", { name: "Clear filters" }).click();
  await expect(page).toHaveURL("/devices");
});

test("columns are chosen, kept in the address, sorted by, and in the file", async ({ page, http }) => {
  test.setTimeout(120_000);
  await open(page, "/devices?os=windows_server");
  await page.getByLabel("Columns", { exact: true }).click();
  await page.getByRole("link", { name: "Show IP address" }).click();
  await expect(head(page, "IP address")).toBeVisible();
  await page.getByRole("link", { name: "Hide Serial" }).click();
  await expect(head(page, "Serial")).toHaveCount(0);
  await expect(page).toHaveURL(/cols=/);
  await inspect(page, "16-columns-menu");
  await page.keyboard.press("Escape");
  await reload(page);
  await head(page, "IP address").getByRole("link").click();
  await expect(page).toHaveURL(/sort=ip/);
  const { items, total } = await read(http, "devices/list", { os: "windows_server", sort: "ip" });
  await expect(rows(page).first()).toContainText(items[0].ip);
  const href = await page.getByRole("link", { name: "Export CSV" }).getAttribute("href");
  const file = await http.get(href ?? "");
  expect(file.headers()["content-disposition"]).toContain("msportal-devices.csv");
  const lines = (await file.text()).trimEnd().split("\r\n");
  expect(lines[0]).toBe("\u{feff}name,hostname,company,location,type,status,os_name,ip,last_contact,last_user");
  expect(lines.length).toBe(total + 1);
  expect(lines[1]).toContain(items[0].ip);

  await open(page, "/devices?cols=os_version,serial,asset_tag,model,ip,mac,last_user,owner,backup,warranty_end,source,created_at,location,status");
  await expect(rows(page)).toHaveCount(50);
  await inspect(page, "16-all-columns");
  await page.getByLabel("Columns", { exact: true }).click();
  await page.getByRole("link", { name: "Usual columns" }).click();
  await expect(page).toHaveURL("/devices");
});

test("a view is saved, opened by its address, changed, shared and deleted", async ({ page, http, watch }) => {
  watch.expectStatus(409, /views\/save/);
  await open(page, "/devices?os=windows_server&sort=-name&cols=status,ip");
  await page.getByLabel("Views", { exact: true }).click();
  await page.getByRole("button", { name: "Save as a new view…" }).click();
  await page.getByLabel("Name").fill("Servers");
  await inspect(page, "16-save-view");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(toast(page, "The view Servers is saved.")).toBeVisible();
  const [view] = await read(http, "views/list");
  expect(view).toMatchObject({ name: "Servers", shared: false, mine: true });
  await expect(page).toHaveURL(new RegExp(`view=${view.id}`));

  await page.goto(`/devices?view=${view.id}`);
  await hydrated(page);
  await expect(page).toHaveURL(/os=windows_server/);
  await expect(head(page, "Name")).toHaveAttribute("aria-sort", "descending");
  await expect(head(page, "IP address")).toBeVisible();
  await expect(head(page, "Company")).toHaveCount(0);

  await page.getByLabel("Filter by status").selectOption({ label: "Online" });
  await expect(page).toHaveURL(/status=online/);
  await page.getByLabel("Views", { exact: true }).click();
  await expectAccessible(page, "the menu of views");
  await page.getByRole("button", { name: "Save changes to this view" }).click();
  await expect(toast(page, "The view Servers is saved.").last()).toBeVisible();
  await expect.poll(async () => (await read(http, "views/list"))[0].query).toContain("status=online");

  const [now] = await read(http, "views/list");
  await page.getByLabel("Views", { exact: true }).click();
  await page.getByRole("button", { name: "Rename or share…" }).click();
  await write(http, "views/save", { view_id: view.id, name: "Theirs", query: now.query, version: now.version });
  await page.getByLabel("Name").fill("Busy servers");
  await page.getByLabel("Share with everybody").check();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("button", { name: "Save mine anyway" }).click();
  await expect(toast(page, "The view Busy servers is saved.")).toBeVisible();
  expect((await read(http, "views/list"))[0]).toMatchObject({ name: "Busy servers", shared: true });
  await page.getByLabel("Views", { exact: true }).click();
  await expect(page.getByRole("link", { name: "Busy servers" })).toHaveAttribute("aria-current", "true");
  await inspect(page, "16-views-menu");

  await page.getByRole("button", { name: "Delete…" }).click();
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await expect(toast(page, "The view Busy servers is deleted.")).toBeVisible();
  await expect(page).not.toHaveURL(/view=/);
  await open(page, `/devices?view=${view.id}`);
  await expect(page.getByText("This view was deleted, or is not shared any more.")).toBeVisible();
  await expect(rows(page)).toHaveCount(50);
});

test("names may be long, right to left, or pictures", async ({ page, http }) => {
  const id = await arrange.imported(http);
  const { items } = await read(http, "devices/list", { sort: "-name", page_size: 3, status: "online" });
  const names = ["W".repeat(64), "מחשב הקבלה של אבי 07", "👩‍💻 Anna’s 💻 🇸🇪"];
  for (const [n, name] of names.entries()) {
    const { source } = await read(http, "devices/get", { device_id: items[n].id });
    await sim("rename_device", { id: Number(source.remote_id), name });
  }
  await arrange.sync(http, id, "devices");
  for (const name of names) {
    await open(page, `/devices?search=${encodeURIComponent(name.slice(0, 60))}`);
    await expect(rows(page)).toHaveCount(1);
    await expect(rows(page)).toContainText(name);
  }
  await open(page, "/devices?sort=-name&status=online");
  await expect(rows(page).first()).toBeVisible();
  await inspect(page, "16-names");
});

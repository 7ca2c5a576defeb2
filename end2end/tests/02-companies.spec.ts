// Companies and their locations: by file, by hand, in two tabs at once.

import type { APIRequestContext, Page } from "@playwright/test";
import { read, write } from "./support/api";
import * as arrange from "./support/arrange";
import { COMPANIES, COMPANIES_CSV, LOCATIONS_CSV, LOCATION_COUNT } from "./support/data";
import { expectFieldError, hydrated, inspect, open, reload, toast } from "./support/page";
import { expect, test } from "./support/signed-in";

const chooseFile = (page: Page, name: string, content: string | Buffer) =>
  page
    .getByLabel("Drop a CSV file here, or choose one")
    .setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(content as string) });

const figure = (page: Page, word: string) =>
  page.locator("dl > div").filter({ has: page.getByText(word, { exact: true }) }).locator("dd");

async function expectFigures(page: Page, figures: Record<string, string>) {
  for (const [word, number] of Object.entries(figures)) await expect(figure(page, word), word).toHaveText(number);
}

const row = (page: Page, name: string) =>
  page.getByRole("row").filter({ has: page.getByRole("rowheader", { name, exact: true }) });

const names = (page: Page) => page.locator("tbody th").allInnerTexts();

test.describe("from a file", () => {
  test("problems are told line by line before anything is written", async ({ page }) => {
    await open(page, "/companies");
    await expect(page.getByText("No companies yet")).toBeVisible();
    await inspect(page, "02-companies-empty");
    await page.getByRole("link", { name: "Import CSV" }).first().click();
    await expect(page.getByRole("heading", { level: 1, name: "Import CSV" })).toBeVisible();
    await inspect(page, "02-import-csv");

    // A byte order mark, semicolons, quotes with a delimiter, quote and line break inside, and four bad lines.
    const csv = [
      "\uFEFFName;Domain;Address",
      'Ümlaut & Söhne;umlaut.example;"1 High Street; Exampletown"',
      '"The ""Quoted"" Company";;"first line',
      'second line"',
      ";nameless.example;",
      "Twice Ltd;;",
      "twice  ltd;;",
      "Too;many;columns;here",
      `${"x".repeat(201)};;`,
    ].join("\r\n");
    await chooseFile(page, "mixed.csv", csv);
    await expect(page.getByRole("heading", { name: "Preview of mixed.csv" })).toBeFocused();
    await expectFigures(page, { New: "3", "To update": "0", Unchanged: "0", Problems: "4" });
    const problems = page.getByRole("table");
    const lines = await problems.getByRole("row").allInnerTexts();
    expect(lines.slice(1).map((line) => line.split("\t").map((cell) => cell.trim()))).toEqual([
      ["5", "name", "Enter a name."],
      ["7", "name", "Same name as line 6. Keep one of the two."],
      ["8", "line", "This line has 4 columns, the header has 3. Put texts with a delimiter in quotes."],
      ["9", "name", "Shorten the name to 200 characters."],
    ]);
    await inspect(page, "02-import-csv-problems");
    await page.getByRole("button", { name: "Choose another file" }).click();
    await open(page, "/companies");
    await expect(page.getByText("No companies yet")).toBeVisible();
  });

  test("a file is previewed, imported, and changes nothing the second time", async ({ page }) => {
    await open(page, "/companies/import");
    await chooseFile(page, "companies.csv", COMPANIES_CSV);
    await expectFigures(page, { New: String(COMPANIES.length), Problems: "0" });
    await page.getByRole("button", { name: `Import ${COMPANIES.length} companies` }).click();
    await expect(page.getByRole("heading", { name: `${COMPANIES.length} companies imported.` })).toBeVisible();
    await expectFigures(page, { Created: String(COMPANIES.length), Unchanged: "0" });
    await inspect(page, "02-import-csv-done");

    await page.getByRole("button", { name: "Import another file" }).click();
    await chooseFile(page, "companies.csv", COMPANIES_CSV);
    await expect(page.getByText("Everything in this file is here already.")).toBeVisible();
    await expectFigures(page, { New: "0", "To update": "0", Unchanged: String(COMPANIES.length) });
    await expect(page.getByRole("button", { name: /^Import \d/ })).toHaveCount(0);

    await page.getByRole("button", { name: "Choose another file" }).click();
    const known = COMPANIES_CSV.split("\r\n").slice(0, 4);
    await chooseFile(page, "known-and-wrong.csv", [...known, ",nameless.example,,,", "a,b,c,d,e,f,g"].join("\r\n"));
    await expect(page.getByText("3 lines are here already, 2 lines have a problem. There is nothing to import.")).toBeVisible();
    await expectFigures(page, { New: "0", Unchanged: "3", Problems: "2" });
    await expect(page.getByRole("button", { name: /^Import \d/ })).toHaveCount(0);

    await open(page, "/companies");
    await expect(page.getByRole("rowheader")).toHaveCount(COMPANIES.length);
    await expect(row(page, "Café Lumière")).toContainText("cafelumiere.example");
  });

  test("locations come after their companies", async ({ page, http }) => {
    await write(http, "companies/import_csv", { csv: COMPANIES_CSV, dry_run: false });
    await open(page, "/companies/import");
    await page.getByRole("link", { name: "Locations", exact: true }).click();
    await expect(page).toHaveURL("/companies/import?kind=locations");
    await chooseFile(page, "locations.csv", `${LOCATIONS_CSV}"No Such Company","Office",,\r\n`);
    await expectFigures(page, { New: String(LOCATION_COUNT), Problems: "1" });
    await expect(page.getByRole("table")).toContainText("No Such Company");
    await page.getByRole("button", { name: `Import ${LOCATION_COUNT} locations` }).click();
    await expect(page.getByRole("heading", { name: `${LOCATION_COUNT} locations imported.` })).toBeVisible();
    await page.getByRole("link", { name: "Show companies" }).click();
    await page.getByRole("link", { name: "Harbour Dental Group" }).click();
    const sites = page.getByRole("region", { name: "Locations" }).getByRole("rowheader");
    await expect(sites).toHaveText(["Main Office", "Northgate Surgery", "Quayside"]);
  });

  test("a file that is no such file is refused with the reason", async ({ page, watch }) => {
    watch.expectStatus(422, /companies\/import_csv/);
    await open(page, "/companies/import");
    await chooseFile(page, "wrong.csv", "company,city\r\nContoso,Springfield\r\n");
    await expect(page.getByRole("alert").filter({ hasText: 'The column "name" is missing.' })).toContainText("psa_ref");
    await page.getByRole("button", { name: "Choose another file" }).click();
    await chooseFile(page, "latin1.csv", Buffer.from("name\r\nCaf\u00e9\r\n", "latin1"));
    await expect(page.getByRole("alert").first()).toContainText("latin1.csv is not UTF-8 text.");
    await inspect(page, "02-import-csv-refused");
    await chooseFile(page, "empty.csv", "");
    await expect(page.getByRole("alert").filter({ hasText: "The file is empty." })).toBeVisible();
  });

  test("50,000 lines are checked, one more is refused", async ({ page, watch }) => {
    watch.expectStatus(422, /companies\/import_csv/);
    const lines = (n: number) => `name\n${Array.from({ length: n }, (_, i) => `Bulk ${i}`).join("\n")}\n`;
    await open(page, "/companies/import");
    await chooseFile(page, "most.csv", lines(50_000));
    await expect(figure(page, "New")).toHaveText("50,000", { timeout: 30_000 });
    await page.getByRole("button", { name: "Choose another file" }).click();
    await chooseFile(page, "more.csv", lines(50_001));
    await expect(page.getByRole("alert").filter({ hasText: "more than 50000 lines" })).toBeVisible({ timeout: 30_000 });
  });

  test("text can be pasted instead", async ({ page }) => {
    await open(page, "/companies/import");
    await page.getByText("Paste text instead").click();
    await expect(page.getByRole("button", { name: "Preview pasted text" })).toBeDisabled();
    await page.getByLabel("CSV text").fill("name,domain\nPasted Company,pasted.example\n");
    await page.getByRole("button", { name: "Preview pasted text" }).click();
    await expectFigures(page, { New: "1", Problems: "0" });
  });
});

test.describe("by hand", () => {
  test.beforeEach(({ http }) => arrange.companies(http));

  test("a company is created, changed, archived and brought back", async ({ page, watch }) => {
    watch.expectStatus(409, /companies\/create/);
    watch.expectStatus(422, /companies\/create/);
    await open(page, "/companies");
    await page.getByRole("button", { name: "New company" }).click();
    const dialog = page.getByRole("dialog");
    await expect(dialog.getByLabel("Name", { exact: true })).toBeFocused();
    await dialog.getByRole("button", { name: "Save" }).click();
    await expectFieldError(dialog.getByLabel("Name", { exact: true }), "Enter a name.");
    await dialog.getByLabel("Name", { exact: true }).fill("alder CLINIC");
    await dialog.getByLabel("Phone").fill("+44 1632 960999");
    await dialog.getByRole("button", { name: "Save" }).click();
    await expectFieldError(
      dialog.getByLabel("Name", { exact: true }),
      'There is a company named "alder CLINIC" already. Choose another name.',
    );
    await expect(dialog.getByLabel("Phone")).toHaveValue("+44 1632 960999");
    await inspect(page, "02-company-dialog");
    await dialog.getByLabel("Name", { exact: true }).fill("Aardvark Cleaning");
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(dialog).toBeHidden();
    await expect(toast(page, "Aardvark Cleaning is saved.")).toBeVisible();
    await expect(row(page, "Aardvark Cleaning")).toBeVisible();

    await page.getByRole("button", { name: "Edit Aardvark Cleaning" }).click();
    await expect(dialog.getByLabel("Phone")).toHaveValue("+44 1632 960999");
    await dialog.getByLabel("Domain").fill("AARDVARK.example");
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(row(page, "Aardvark Cleaning")).toContainText("aardvark.example");

    await page.getByRole("button", { name: "Archive Aardvark Cleaning" }).click();
    await expect(row(page, "Aardvark Cleaning")).toHaveCount(0);
    await toast(page, "Aardvark Cleaning is archived.").getByRole("button", { name: "Undo" }).click();
    await expect(toast(page, "Aardvark Cleaning is back.")).toBeVisible();
    await expect(row(page, "Aardvark Cleaning")).toBeVisible();

    await page.getByRole("button", { name: "Archive Aardvark Cleaning" }).click();
    await expect(row(page, "Aardvark Cleaning")).toHaveCount(0);
    await page.getByRole("link", { name: "Archived" }).click();
    await expect(row(page, "Aardvark Cleaning")).toBeVisible();
    await expect(page.getByRole("button", { name: "Restore Aardvark Cleaning" })).toBeVisible();
  });

  test("Escape closes a dialog and nothing is saved", async ({ page }) => {
    await open(page, "/companies");
    await page.getByRole("button", { name: "Edit Alder Clinic" }).click();
    await page.getByRole("dialog").getByLabel("Name", { exact: true }).fill("Something else");
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toBeHidden();
    await expect(page.getByRole("button", { name: "Edit Alder Clinic" })).toBeFocused();
    await reload(page);
    await expect(row(page, "Alder Clinic")).toBeVisible();
  });

  test("a location is created, renamed and archived", async ({ page }) => {
    await open(page, "/companies?search=calder");
    await page.getByRole("link", { name: "Calder Bikes" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Calder Bikes" })).toBeVisible();
    await page.getByRole("button", { name: "New location" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name", { exact: true }).fill("Repair Shop");
    await dialog.getByLabel("Address").fill("2 Chain Lane");
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(row(page, "Repair Shop")).toContainText("2 Chain Lane");
    await page.getByRole("button", { name: "Edit Repair Shop" }).click();
    await dialog.getByLabel("Name", { exact: true }).fill("Workshop");
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(row(page, "Workshop")).toBeVisible();
    await page.getByRole("button", { name: "Archive Workshop" }).click();
    await expect(row(page, "Workshop")).toHaveCount(0);
    await inspect(page, "02-company");
  });

  test("a company that is gone is said to be gone", async ({ page, watch }) => {
    const gone = "/companies/00000000-0000-7000-8000-000000000000";
    watch.expectStatus(404, /companies\/00000000/);
    expect((await page.goto(gone))?.status()).toBe(404);
    await hydrated(page);
    await expect(page.getByText("This company does not exist")).toBeVisible();
    await page.getByRole("link", { name: "Show all companies" }).click();
    await expect(page).toHaveURL("/companies");
  });

  test("search and sort live in the address", async ({ page }) => {
    await open(page, "/companies");
    await expect(page.getByRole("rowheader")).toHaveCount(COMPANIES.length);
    await page.getByRole("searchbox", { name: "Search companies" }).fill("STONEBR");
    await expect(page.getByRole("rowheader")).toHaveText(["Stonebridge Accountancy"]);
    await expect(page).toHaveURL("/companies?search=STONEBR");
    await reload(page);
    await expect(page.getByRole("searchbox", { name: "Search companies" })).toHaveValue("STONEBR");
    await expect(page.getByRole("rowheader")).toHaveText(["Stonebridge Accountancy"]);
    await page.getByRole("searchbox", { name: "Search companies" }).fill("no such thing");
    await expect(page.getByText("No company fits")).toBeVisible();
    await page.getByRole("link", { name: "Show all" }).click();
    await expect(page.getByRole("rowheader")).toHaveCount(COMPANIES.length);

    const ascending = await names(page);
    expect(ascending[0]).toBe("Alder Clinic");
    await page.getByRole("columnheader", { name: "Name" }).getByRole("link").click();
    await expect(page).toHaveURL("/companies?sort=-name");
    await expect(page.getByRole("rowheader").first()).toHaveText("Tanner Webb & Co");
    expect(await names(page)).toEqual([...ascending].reverse());
    await expect(page.getByRole("columnheader", { name: "Name" })).toHaveAttribute("aria-sort", "descending");
    await page.goBack();
    await expect(page.getByRole("rowheader").first()).toHaveText("Alder Clinic");
  });

  test("long lists have pages", async ({ page, http }) => {
    await fillArchive(http, 60);
    await open(page, "/companies?archived=1&search=Archived");
    await expect(page.getByRole("rowheader")).toHaveCount(50);
    await expect(page.getByText("1 to 50 of 60")).toBeVisible();
    await page.getByRole("link", { name: "Next page" }).click();
    await expect(page).toHaveURL(/page=2/);
    await expect(page.getByRole("rowheader")).toHaveCount(10);
    await expect(page.getByRole("rowheader").last()).toHaveText("Archived 60");
    await expect(page.getByText("51 to 60 of 60")).toBeVisible();
    await inspect(page, "02-companies-page-2");
    await reload(page);
    await expect(page.getByRole("rowheader").first()).toHaveText("Archived 51");
    await page.getByRole("link", { name: "Previous page" }).click();
    await expect(page.getByRole("rowheader").first()).toHaveText("Archived 01");
    await open(page, "/companies?archived=1&search=Archived&page=9");
    await expect(page.getByText("There is no page 9; the list ends with page 2.")).toBeVisible();
    await page.getByRole("link", { name: "Show page 2" }).click();
    await expect(page.getByText("51 to 60 of 60")).toBeVisible();
    // As calls of the API say it.
    await open(page, "/companies?archived=true&search=Archived");
    await expect(page.getByRole("link", { name: "Archived", exact: true })).toHaveAttribute("aria-current", "true");
    await open(page, "/companies?archived=maybe");
    await expect(page.getByText("that does not exist: maybe.")).toBeVisible();
    await page.getByRole("link", { name: "Show the list without it" }).click();
    await expect(page).toHaveURL("/companies");
  });
});

/** Archived companies "Archived 01" to "Archived n". */
async function fillArchive(http: APIRequestContext, n: number) {
  const name = (i: number) => `Archived ${String(i + 1).padStart(2, "0")}`;
  const csv = `name\n${Array.from({ length: n }, (_, i) => name(i)).join("\n")}\n`;
  await write(http, "companies/import_csv", { csv, dry_run: false });
  const { items } = await read(http, "companies/list", { search: "Archived", page_size: 200 });
  for (const { id } of items) await write(http, "companies/archive", { company_id: id });
}

test.describe("two tabs", () => {
  test.beforeEach(({ http }) => arrange.companies(http));

  async function edit(page: Page, name: string, field: string, text: string) {
    await page.getByRole("button", { name: `Edit ${name}` }).click();
    await page.getByRole("dialog").getByLabel(field).fill(text);
  }
  const save = (page: Page) => page.getByRole("dialog").getByRole("button", { name: "Save", exact: true }).click();

  test("the second to save is told and chooses", async ({ page, context, watch }) => {
    watch.expectStatus(409, /companies\/update/);
    const other = await context.newPage();
    await open(page, "/companies?search=quillfeather");
    await open(other, "/companies?search=quillfeather");
    const dialog = page.getByRole("dialog");

    await edit(page, "Quillfeather Publishing", "Phone", "+1 555 0100");
    await edit(other, "Quillfeather Publishing", "Domain", "theirs.example");
    await save(other);
    await expect(other.getByRole("dialog")).toBeHidden();
    await save(page);
    await expect(dialog.getByRole("alert").filter({ hasText: "Somebody changed this while you were editing." })).toBeVisible();
    await expect(dialog.getByLabel("Phone")).toHaveValue("+1 555 0100");
    // A tab behind another one paints nothing.
    await page.bringToFront();
    await inspect(page, "02-company-conflict");
    await dialog.getByRole("button", { name: "Reload their version" }).click();
    await expect(dialog.getByLabel("Domain")).toHaveValue("theirs.example");
    await dialog.getByLabel("Phone").fill("+1 555 0101");

    await edit(other, "Quillfeather Publishing", "Domain", "theirs-again.example");
    await save(other);
    await expect(other.getByRole("dialog")).toBeHidden();
    await save(page);
    await dialog.getByRole("button", { name: "Save mine anyway" }).click();
    await expect(dialog).toBeHidden();
    await reload(other);
    await expect(row(other, "Quillfeather Publishing")).toContainText("theirs.example");
  });
});

// Companies and their locations as a PSA exports them. They resemble the organizations of the simulated account: most
// are equal or nearly so, some exist on one side only.

const SITES: Record<string, string[]> = {
  "Harbour Dental Group": ["Main Office", "Northgate Surgery", "Quayside"],
  "Dawnfield Logistics": ["Head Office", "Depot", "Container Terminal"],
  "Alder Clinic": ["Main Office"],
  "Pinecrest Holdings": ["Registered Office"],
  "Silverbrook Primary School": ["Main Building", "Sports Hall"],
  "Café Lumière": ["Old Town", "Railway Station"],
  "Meridian Architects": ["Studio"],
  "Oakhurst Veterinary Care": ["Main Office", "Small Animal Unit"],
  "Knox and Sons Solicitors Ltd": ["Main Office", "Riverside"],
  "Brightwater Marine": ["Marina", "Workshop"],
  "Falkenberg Maschinenbau": ["Werk 1", "Werk 2", "Büro"],
  "Tanner Webb & Co": ["Main Office"],
  "Copperline Electrical Limited": ["Yard", "Showroom"],
  "Juniper Foods": ["Main Office", "Bakery"],
  "Stonebridge Accountancy": ["Head Office"],
  "Northwest Property Management": ["Main Office", "Lettings Shop"],
  "Hollis Design Partners": ["Loft"],
  "Greenway Garden Centre Group": ["Ashford Store", "Milton Store", "Newbury Store"],
  "Saint Brannock Hospice": ["Main Building"],
  "Ashdown Printing Works": ["Print Hall"],
  "Calder Bikes": ["Shop"],
  "Norrland Timber AB": ["Huvudkontor", "Sågverk"],
  "Quillfeather Publishing": ["Main Office"],
};

export const COMPANIES = Object.keys(SITES);

const slug = (name: string) =>
  name
    .normalize("NFD")
    .toLowerCase()
    .replace(/[^a-z ]/g, "")
    .split(/ +/)
    .slice(0, 2)
    .join("");

export const COMPANIES_CSV = [
  "name,domain,phone,address,psa_ref",
  ...COMPANIES.map(
    (name, n) => `"${name}",${slug(name)}.example,+44 1632 960${100 + n},"${n + 1} Station Road, Exampletown",CMP-${1001 + n}`,
  ),
  "",
].join("\r\n");

export const LOCATIONS_CSV = [
  "company,name,address,psa_ref",
  ...Object.entries(SITES).flatMap(([company, sites], n) =>
    sites.map((site, s) => `"${company}","${site}","${n + 1} Mill Lane, Sampleford",LOC-${n}-${s}`),
  ),
  "",
].join("\r\n");

export const LOCATION_COUNT = Object.values(SITES).flat().length;

/** Near matches: the organization, and the company that is meant. */
export const NEAR = { organization: "Stonebridge Acountancy", company: "Stonebridge Accountancy" };
/** Equal only after normalisation. */
export const NORMALISED = { organization: "Falkenberg Maschinenbau GmbH", company: "Falkenberg Maschinenbau" };
/** Organizations without any company. */
export const FREE = ["Vesper Audio", "Old Mill Brewery", "Internal IT", "Ridgeway Plumbing Supplies"];

export const OWNER = {
  portal_name: "Example Managed Services",
  name: "Sam Owner",
  email: "sam@msp.example",
  password: "correct horse battery",
};

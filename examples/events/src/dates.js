const DAY = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeZone: "UTC" });

/** A date in ISO form as a person writes it; any other text as it is, since the API takes every text for a date. */
export function readable(text) {
  return /^\d{4}-\d{2}-\d{2}/.test(text) && !Number.isNaN(Date.parse(text)) ? DAY.format(Date.parse(text)) : text;
}

// The filters that stand in a query's text, kind:provider or year:2025: buttons
// set and unset them there, so that the text alone says what is asked.

/** Splits a query at its spaces, but not inside quotation marks. */
function parts(query: string): string[] {
  return query.match(/[^\s"]*"[^"]*"?|\S+/g) ?? [];
}

/** Returns the value of the field's last filter, "" without one. */
export function filterOf(query: string, field: string): string {
  const filter = parts(query).filter((p) => p.toLowerCase().startsWith(field + ":"));
  return filter.pop()?.slice(field.length + 1) ?? "";
}

/** Returns the query with the one filter field:value; with none of that field
 *  where value is "". It goes to the front: the last word may still be unfinished. */
export function withFilter(query: string, field: string, value: string): string {
  const rest = parts(query).filter((p) => !p.toLowerCase().startsWith(field + ":"));
  const open = /\s$/.test(query) ? " " : "";
  return (value && `${field}:${value} `) + rest.join(" ") + open;
}

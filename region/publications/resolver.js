// The resolver of every publish mutation: hands on the item that it was called with, and AppSync tells the subscribers.

export function request(ctx) {
  const { item } = ctx.args;
  // AppSync parses the scalar AWSJSON before the code sees it; a text is what it did not parse.
  return { payload: typeof item === "string" ? JSON.parse(item) : item };
}

export function response(ctx) {
  return ctx.result;
}

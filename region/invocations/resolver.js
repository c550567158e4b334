// The resolver of every query and mutation that the API resolves: calls its function as a direct resolver would, and
// adds to the answer's headers which region gave it. AppSync charges nothing for that, and nothing in CloudFront knows
// the region that answered as cheaply: a viewer-response function does not see the origin, one on origin-response is a
// second Lambda@Edge invocation, and a response headers policy says the same of every region.
//
// What carries no such header: refusals (401, 403, 413, and what is not GraphQL), operations in which no field of Query
// or Mutation was resolved (`{ __typename }`), publish mutations, and real-time messages.
//
// To JavaScript each number is a double: of whole numbers over 2**53 in an AWSJSON argument the function gets the nearest
// one, and 1.0 as 1. Those that the function returns have become texts before (../resolvers/plain_json.py).

import { util } from "@aws-appsync/utils";

export function request(ctx) {
  const { info } = ctx;
  return {
    operation: "Invoke",
    // All that "Direct Lambda resolvers" in the AWS AppSync Developer Guide sends. AppSync leaves the selection out of
    // `info` where that is made JSON as a whole, and JSON leaves out what is undefined.
    payload: {
      arguments: ctx.arguments,
      identity: ctx.identity ?? null,
      source: ctx.source ?? null,
      request: ctx.request,
      prev: ctx.prev ?? null,
      info: {
        fieldName: info.fieldName,
        parentTypeName: info.parentTypeName,
        variables: info.variables,
        selectionSetList: info.selectionSetList,
        selectionSetGraphQL: info.selectionSetGraphQL,
      },
      stash: ctx.stash,
      wrapped: true, // what it returns: ../resolvers/dispatch.py
    },
  };
}

export function response(ctx) {
  util.http.addResponseHeader("Server-Timing", 'antipodes;desc="$region"');
  // Without it browsers show server timings to pages of the API's own origin alone (W3C "Resource Timing").
  util.http.addResponseHeader("Timing-Allow-Origin", "*");
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type, ctx.result);
  }
  if (ctx.result.refusal) {
    util.error(ctx.result.refusal.message, ctx.result.refusal.type);
  }
  return ctx.result.value;
}

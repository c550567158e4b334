// The router without Lambda@Edge: a CloudFront Function on viewer-request, runtime cloudfront-js-2.0. It sends each
// request to a region by the edge location where the viewer entered, after distances known when it was deployed.
//
// TABLE is replaced at deployment, by the part of the Lambda router's routes.json that is not about DNS or distances:
//   {"regions": {"ireland": {"host": "ireland-appsync.example.com", "dial": 40}}, "sticky": "cookie",
//    "writes": "ireland", "diagnostics": true, "nearest": {"eu-west-2": "ireland sydney:40 tokyo"}}
// Distances are in the key value store: under the code of each edge location (LHR) and of each regional edge cache
// (eu-west-2) the region keys, nearest first, with each dial that is not 100. While the store is new it is empty, and
// the table's own `nearest` has to do. A region's dial is in both: the store's is quick to change, and the table's holds
// where an order does not have the region, as those of the store have the nearest eight alone.
//
// The runtime has ECMAScript 5.1, const, let, await and arrow functions, and no closures in async functions.
import cf from 'cloudfront';

const TABLE = {"regions": {}}; // replaced at deployment

async function handler(event) {
  try {
    // First, for each reading of the store is charged.
    if (isKey(TABLE.writes) && isWrite(event.request)) {
      return answer(event.request, {key: TABLE.writes, reason: 'write'});
    }
    let reason = 'location';
    let near = await nearestTo(place().name);
    if (!near.length) {
      reason = 'nearest';
      near = await nearestTo(place().region);
    }
    if (!near.length && TABLE.nearest) {
      near = readOrder(TABLE.nearest[place().region] || '');
    }
    return answer(event.request, choose(event, near, near.length ? reason : 'any'));
  } catch (error) {
    console.log('antipodes router: ' + error);
    return unavailable();
  }
}

// What the key value store has for a place: nothing, where it does not know the place or cannot be read.
async function nearestTo(code) {
  try {
    const order = await cf.kvs().get(code);
    return readOrder(order);
  } catch (error) {
    return [];
  }
}

function readOrder(order) {
  const regions = order.split(' ').map(entry => ({key: entry.split(':')[0], dial: Number(entry.split(':')[1] || 100)}));
  return regions.filter(region => isKey(region.key));
}

function answer(request, route) {
  if (!route) {
    return unavailable();
  }
  return asksForDiagnostics(request) ? diagnostics(route) : sendTo(route, request);
}

// The viewer's own region, or the first of `near`, or of the table; but a dial may pass the viewer on.
function choose(event, near, reason) {
  const rest = Object.keys(TABLE.regions).filter(key => !near.some(region => region.key === key));
  const order = near.concat(rest.map(key => ({key: key, dial: TABLE.regions[key].dial})));
  const home = homesOf(event.request).find(isKey);
  const chosen = order.find(region => region.key === home) || order[0];
  if (!chosen) {
    return null;
  }
  const viewer = viewerOf(event.viewer.ip);
  const next = takes(chosen, viewer) ? undefined : order.find(region => takes(region, viewer));
  return next ? {key: next.key, reason: 'dial'} : {key: chosen.key, reason: home ? 'sticky' : reason};
}

function place() {
  return cf.edgeLocation || {};
}

function isKey(key) {
  return Object.prototype.hasOwnProperty.call(TABLE.regions, key);
}

// GraphQL queries are POSTs and the body is not seen here, so only the client can say that one is no write.
function isWrite(request) {
  const operation = valuesOf(request.headers['x-antipodes-operation']).join();
  return ['GET', 'HEAD', 'OPTIONS'].indexOf(request.method) < 0 && operation !== 'read';
}

function homesOf(request) {
  if (TABLE.sticky === 'cookie') {
    return valuesOf(request.cookies['antipodes-region']);
  }
  return TABLE.sticky === 'header' ? valuesOf(request.headers['x-antipodes-region']) : [];
}

function valuesOf(field) {
  return field ? (field.multiValue || [field]).map(each => each.value) : [];
}

// Whether the dial lets this viewer into the region: always the same viewers, and others in each region.
function takes(region, viewer) {
  return region.dial === undefined || crc32(region.key + ' ' + viewer) % 100 < region.dial;
}

// Whom the dials count as one viewer: an IPv4 address, or the /64 of an IPv6 one, of which one home has many.
function viewerOf(address) {
  if (address.indexOf(':') < 0) {
    return address;
  }
  const halves = address.toLowerCase().split('::');
  const groups = halves[0].split(':');
  const last = (halves[1] || '').split(':');
  while (groups.length + last.length < 8) {
    groups.push('0');
  }
  return groups.concat(last).slice(0, 4).map(group => group.replace(/^0+/, '') || '0').join(':');
}

// CRC-32 as in zlib, of the text in UTF-8, four bits at a time.
const CRC = [
  0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
  0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c, 0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
];

function crc32(text) {
  const bytes = encodeURIComponent(text).match(/%..|./g);
  return ~bytes.reduce((crc, byte) => {
    crc ^= byte.length > 1 ? parseInt(byte.substring(1), 16) : byte.charCodeAt(0);
    crc = (crc >>> 4) ^ CRC[crc & 15];
    return (crc >>> 4) ^ CRC[crc & 15];
  }, -1) >>> 0;
}

// Port, protocol and time limits stay the default origin's; TLS asks for the name that hostHeader has.
function sendTo(route, request) {
  const host = TABLE.regions[route.key].host;
  cf.updateRequestOrigin({domainName: host, hostHeader: host});
  const reserved = Object.keys(request.headers).filter(name => /^x-antipodes-(secret|edge)-/.test(name));
  reserved.forEach(name => delete request.headers[name]);
  request.headers['x-antipodes-route'] = {value: route.key + '; reason=' + route.reason};
  return request;
}

function asksForDiagnostics(request) {
  return TABLE.diagnostics && request.uri === '/.well-known/antipodes' && /^(GET|HEAD)$/.test(request.method);
}

function diagnostics(route) {
  return response(200, 'OK', {
    region: route.key,
    reason: route.reason,
    age: null,
    edgeRegion: place().region || null,
    edgeLocation: place().name || null,
  });
}

function unavailable() {
  const message = 'no region can serve this request now; try again in a few seconds';
  const answer = response(503, 'Service Unavailable', {errors: [{message: message}]});
  answer.headers['retry-after'] = {value: '5'};
  return answer;
}

function response(status, description, content) {
  return {
    statusCode: status,
    statusDescription: description,
    headers: {
      'access-control-allow-origin': {value: '*'},
      'cache-control': {value: 'no-store'},
      'content-type': {value: 'application/json'},
    },
    body: {encoding: 'text', data: JSON.stringify(content)},
  };
}

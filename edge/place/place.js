// CloudFront Function, viewer-request, for `routing: location`: tells the router, which runs in the regional edge cache,
// at which edge location the viewer entered. What a viewer sent in these headers never gets past here.
import cf from 'cloudfront';

function handler(event) {
  const headers = event.request.headers;
  const place = cf.edgeLocation || {};
  if (place.name && place.serverIp) {
    headers['x-antipodes-edge-location'] = {value: place.name};
    headers['x-antipodes-edge-address'] = {value: place.serverIp};
  } else {
    delete headers['x-antipodes-edge-location'];
    delete headers['x-antipodes-edge-address'];
  }
  return event.request;
}

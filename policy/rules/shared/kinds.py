"""The types of the resources that more than one file looks at, as the engine names them."""

# The edge.
DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
CLOUDFRONT_FUNCTION = "aws:cloudfront/function:Function"
CERTIFICATE = "aws:acm/certificate:Certificate"
CERTIFICATE_VALIDATION = "aws:acm/certificateValidation:CertificateValidation"
WEB_ACL = "aws:wafv2/webAcl:WebAcl"

# Functions.
FUNCTION = "aws:lambda/function:Function"
PERMISSION = "aws:lambda/permission:Permission"
MAPPING = "aws:lambda/eventSourceMapping:EventSourceMapping"
ROLE = "aws:iam/role:Role"

# DNS.
RECORD = "aws:route53/record:Record"
ZONE = "aws:route53/zone:Zone"
HEALTH_CHECK = "aws:route53/healthCheck:HealthCheck"

# APIs.
GRAPHQL_API = "aws:appsync/graphQLApi:GraphQLApi"
APPSYNC_DOMAIN = "aws:appsync/domainName:DomainName"
RESOLVER = "aws:appsync/resolver:Resolver"
PIPELINE_STEP = "aws:appsync/function:Function"
DATA_SOURCE = "aws:appsync/dataSource:DataSource"
API_KEY = "aws:appsync/apiKey:ApiKey"
API_CACHE = "aws:appsync/apiCache:ApiCache"
REST_API = "aws:apigateway/restApi:RestApi"
REST_DOMAIN = "aws:apigateway/domainName:DomainName"
REST_AUTHORIZER = "aws:apigateway/authorizer:Authorizer"
REST_METHOD = "aws:apigateway/method:Method"
REST_STAGE = "aws:apigateway/stage:Stage"
HTTP_API = "aws:apigatewayv2/api:Api"
HTTP_DOMAIN = "aws:apigatewayv2/domainName:DomainName"
HTTP_AUTHORIZER = "aws:apigatewayv2/authorizer:Authorizer"
HTTP_ROUTE = "aws:apigatewayv2/route:Route"

# Data and events.
TABLE = "aws:dynamodb/table:Table"
REPLICA = "aws:dynamodb/tableReplica:TableReplica"
CLUSTER = "aws:rds/cluster:Cluster"
GLOBAL_CLUSTER = "aws:rds/globalCluster:GlobalCluster"
DATABASE = "aws:rds/instance:Instance"
SECRET = "aws:secretsmanager/secret:Secret"
QUEUE = "aws:sqs/queue:Queue"
TOPIC = "aws:sns/topic:Topic"
METRIC_ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
COMPOSITE_ALARM = "aws:cloudwatch/compositeAlarm:CompositeAlarm"
EVENT_RULE = "aws:cloudwatch/eventRule:EventRule"
EVENT_TARGET = "aws:cloudwatch/eventTarget:EventTarget"
REPLICA_KEY = "aws:kms/replicaKey:ReplicaKey"

APIS = (GRAPHQL_API, REST_API, HTTP_API)
"""What a region serves its viewers with."""

DOMAINS = (APPSYNC_DOMAIN, REST_DOMAIN, HTTP_DOMAIN)
"""Custom domains of APIs."""

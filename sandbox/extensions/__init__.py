"""What AWS does and the emulator does not: each file answers some operations ahead of it."""

from sandbox.extensions import health_checks
from sandbox.extensions.appsync_domains import AppSyncDomains
from sandbox.extensions.appsync_duplicates import refuse_data_source, refuse_resolver
from sandbox.extensions.appsync_updates import AppSyncUpdates
from sandbox.extensions.appsync_uris import forward, with_uris
from sandbox.extensions.call import Handler, in_turn
from sandbox.extensions.cloudfront_distributions import refuse_distribution
from sandbox.extensions.cloudfront_functions import refuse_deletion, refuse_function
from sandbox.extensions.edge_replicas import EdgeReplicas
from sandbox.extensions.function_url_configs import refuse_function_url, without_url
from sandbox.extensions.key_value_stores import clear, refuse_keys, refuse_missing
from sandbox.extensions.lambda_versions import LambdaVersions
from sandbox.extensions.secret_replicas import remove_regions


def handlers(versions: LambdaVersions, replicas: EdgeReplicas) -> dict[tuple[str, str], Handler]:
    """(service, operation) -> what answers it; what it knows, but for the arguments, is new with every call of this."""
    domains = AppSyncDomains()
    updates = AppSyncUpdates()
    return {
        ("appsync", "CreateDomainName"): domains.create,
        ("appsync", "GetDomainName"): domains.get,
        ("appsync", "ListDomainNames"): domains.list,
        ("appsync", "UpdateDomainName"): domains.update,
        ("appsync", "DeleteDomainName"): domains.delete,
        ("appsync", "AssociateApi"): domains.associate,
        ("appsync", "GetApiAssociation"): domains.get_association,
        ("appsync", "DisassociateApi"): domains.disassociate,
        ("appsync", "CreateGraphqlApi"): with_uris(forward),
        ("appsync", "UpdateGraphqlApi"): with_uris(updates.update),
        ("appsync", "GetGraphqlApi"): with_uris(updates.get),
        ("appsync", "ListGraphqlApis"): with_uris(updates.list),
        ("appsync", "CreateDataSource"): refuse_data_source,
        ("appsync", "CreateResolver"): refuse_resolver,
        ("cloudfront", "CreateDistribution"): refuse_distribution,
        ("cloudfront", "CreateDistributionWithTags"): refuse_distribution,
        ("cloudfront", "UpdateDistribution"): in_turn(refuse_distribution, replicas.note),
        ("cloudfront", "DeleteDistribution"): replicas.note,
        ("cloudfront", "CreateFunction"): refuse_function,
        ("cloudfront", "UpdateFunction"): refuse_function,
        ("cloudfront", "DeleteFunction"): refuse_deletion,
        ("cloudfront", "CreateKeyValueStore"): clear,
        ("cloudfront-keyvaluestore", "DescribeKeyValueStore"): refuse_missing,
        ("cloudfront-keyvaluestore", "ListKeys"): refuse_missing,
        ("cloudfront-keyvaluestore", "GetKey"): refuse_missing,
        ("cloudfront-keyvaluestore", "DeleteKey"): refuse_missing,
        ("cloudfront-keyvaluestore", "PutKey"): refuse_keys,
        ("cloudfront-keyvaluestore", "UpdateKeys"): refuse_keys,
        ("lambda", "CreateFunction"): versions.create,
        ("lambda", "UpdateFunctionCode"): versions.update,
        ("lambda", "GetFunction"): versions.get,
        ("lambda", "DeleteFunction"): without_url(in_turn(replicas.refuse, versions.delete)),
        ("lambda", "CreateFunctionUrlConfig"): refuse_function_url,
        ("lambda", "UpdateFunctionUrlConfig"): refuse_function_url,
        ("route53", "CreateHealthCheck"): health_checks.refuse_health_check,
        ("route53", "UpdateHealthCheck"): health_checks.refuse_update,
        ("route53", "DeleteHealthCheck"): health_checks.refuse_deletion,
        ("secretsmanager", "RemoveRegionsFromReplication"): remove_regions,
    }

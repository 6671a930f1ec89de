//! The entity types a rule can map, their identifiers, and which of them make an entity.

/// An entity type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntityType {
    /// Its name, as `entityType` spells it.
    pub name: &'static str,
    /// Its identifiers, as `identifier` spells them.
    pub identifiers: &'static [&'static str],
    /// Sets of identifiers; one of the sets has to be mapped whole.
    pub required: &'static [&'static [&'static str]],
    /// Whether the service's resource schema takes it (one type exists in templates only).
    pub deployable: bool,
}

/// The entity type of a name; names are case-sensitive.
pub fn entity_type(name: &str) -> Option<&'static EntityType> {
    ENTITY_TYPES.iter().find(|t| t.name == name)
}

const fn kind(
    name: &'static str,
    identifiers: &'static [&'static str],
    required: &'static [&'static [&'static str]],
) -> EntityType {
    EntityType {
        name,
        identifiers,
        required,
        deployable: true,
    }
}

/// All entity types.
pub const ENTITY_TYPES: &[EntityType] = &[
    kind(
        "Account",
        &[
            "Name",
            "FullName",
            "NTDomain",
            "DnsDomain",
            "UPNSuffix",
            "Sid",
            "AadTenantId",
            "AadUserId",
            "PUID",
            "IsDomainJoined",
            "DisplayName",
            "ObjectGuid",
            "CloudAppAccountId",
        ],
        &[
            &["FullName"],
            &["Sid"],
            &["Name"],
            &["AadUserId"],
            &["PUID"],
            &["ObjectGuid"],
        ],
    ),
    kind(
        "Host",
        &[
            "DnsDomain",
            "NTDomain",
            "HostName",
            "FullName",
            "NetBiosName",
            "AzureID",
            "OMSAgentID",
            "OSFamily",
            "OSVersion",
            "IsDomainJoined",
        ],
        &[
            &["FullName"],
            &["HostName"],
            &["NetBiosName"],
            &["AzureID"],
            &["OMSAgentID"],
        ],
    ),
    kind("IP", &["Address", "AddressScope"], &[&["Address"]]),
    kind("URL", &["Url"], &[&["Url"]]),
    kind("File", &["Directory", "Name"], &[&["Name"]]),
    kind(
        "FileHash",
        &["Algorithm", "Value"],
        &[&["Algorithm", "Value"]],
    ),
    kind(
        "Process",
        &[
            "ProcessId",
            "CommandLine",
            "ElevationToken",
            "CreationTimeUtc",
        ],
        &[&["CommandLine"], &["ProcessId"]],
    ),
    kind(
        "CloudApplication",
        &["AppId", "SaasId", "Name", "InstanceName", "InstanceId"],
        &[&["AppId"], &["SaasId"], &["Name"]],
    ),
    kind("DNS", &["DomainName"], &[&["DomainName"]]),
    kind("AzureResource", &["ResourceId"], &[&["ResourceId"]]),
    kind("RegistryKey", &["Hive", "Key"], &[&["Key"], &["Hive"]]),
    kind(
        "RegistryValue",
        &["Name", "Value", "ValueType"],
        &[&["Name"]],
    ),
    kind(
        "SecurityGroup",
        &["DistinguishedName", "SID", "ObjectGuid"],
        &[&["DistinguishedName"], &["SID"], &["ObjectGuid"]],
    ),
    kind("Malware", &["Name", "Category"], &[&["Name"]]),
    EntityType {
        name: "IoTDevice",
        identifiers: &[
            "DeviceId",
            "DeviceName",
            "Manufacturer",
            "Model",
            "FirmwareVersion",
            "OperatingSystem",
            "MacAddress",
            "Protocols",
            "SerialNumber",
            "Source",
            "IoTSecurityAgentId",
            "DeviceType",
        ],
        required: &[&["DeviceId"]],
        deployable: false,
    },
    kind(
        "Mailbox",
        &[
            "MailboxPrimaryAddress",
            "DisplayName",
            "Upn",
            "ExternalDirectoryObjectId",
            "RiskLevel",
        ],
        &[&["MailboxPrimaryAddress"]],
    ),
    kind(
        "MailCluster",
        &[
            "NetworkMessageIds",
            "CountByDeliveryStatus",
            "CountByThreatType",
            "CountByProtectionStatus",
            "Threats",
            "Query",
            "QueryTime",
            "MailCount",
            "IsVolumeAnomaly",
            "Source",
            "ClusterSourceIdentifier",
            "ClusterSourceType",
            "ClusterQueryStartTime",
            "ClusterQueryEndTime",
            "ClusterGroup",
        ],
        &[&["Query"], &["Source"]],
    ),
    kind(
        "MailMessage",
        &[
            "Recipient",
            "Urls",
            "Threats",
            "Sender",
            "P1Sender",
            "P1SenderDisplayName",
            "P1SenderDomain",
            "SenderIP",
            "P2Sender",
            "P2SenderDisplayName",
            "P2SenderDomain",
            "ReceivedDate",
            "NetworkMessageId",
            "InternetMessageId",
            "Subject",
            "BodyFingerprintBin1",
            "BodyFingerprintBin2",
            "BodyFingerprintBin3",
            "BodyFingerprintBin4",
            "BodyFingerprintBin5",
            "AntispamDirection",
            "DeliveryAction",
            "DeliveryLocation",
            "Language",
            "ThreatDetectionMethods",
        ],
        &[&["NetworkMessageId"], &["Recipient"]],
    ),
    kind(
        "SubmissionMail",
        &[
            "NetworkMessageId",
            "Timestamp",
            "Recipient",
            "Sender",
            "SenderIp",
            "Subject",
            "ReportType",
            "SubmissionId",
            "SubmissionDate",
            "Submitter",
        ],
        &[
            &["SubmissionId"],
            &["NetworkMessageId"],
            &["Recipient"],
            &["Submitter"],
        ],
    ),
];

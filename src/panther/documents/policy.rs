//! `policy`.

use super::table::{Form, Holds, Key, Table};
use super::tests;

/// The resources of an AWS account that policies look at, without the `AWS.` before each.
const RESOURCES: [&str; 34] = [
    "ACM.Certificate",
    "CloudFormation.Stack",
    "CloudTrail",
    "CloudTrail.Meta",
    "CloudWatch.LogGroup",
    "Config.Recorder",
    "Config.Recorder.Meta",
    "DynamoDB.Table",
    "EC2.AMI",
    "EC2.Instance",
    "EC2.NetworkACL",
    "EC2.SecurityGroup",
    "EC2.VPC",
    "EC2.Volume",
    "ECS.Cluster",
    "EKS.Cluster",
    "ELBV2.ApplicationLoadBalancer",
    "GuardDuty.Detector",
    "GuardDuty.Detector.Meta",
    "IAM.Group",
    "IAM.Policy",
    "IAM.Role",
    "IAM.RootUser",
    "IAM.User",
    "KMS.Key",
    "Lambda.Function",
    "PasswordPolicy",
    "RDS.Instance",
    "Redshift.Cluster",
    "Route53.HostedZone",
    "Route53Domains",
    "S3.Bucket",
    "WAF.Regional.WebACL",
    "WAF.WebACL",
];

const RESOURCE: Form = Form {
    fits: |text| {
        let name = text.strip_prefix("AWS.");
        name.is_some_and(|name| RESOURCES.contains(&name))
    },
    wanted: "a resource type such as AWS.S3.Bucket",
};

pub(super) const TABLE: Table = Table {
    what: "a policy",
    open: false,
    keys: &[
        Key("AnalysisType", Holds::OneOf(&["policy"]), true),
        Key("Enabled", Holds::Flag, true),
        Key("Filename", Holds::Text, true),
        Key("PolicyID", Holds::Name, true),
        Key("ResourceTypes", Holds::FormedTexts(&RESOURCE), false),
        Key("Severity", Holds::Severity, true),
        Key("ActionDelaySeconds", Holds::Whole, false),
        Key("AutoRemediationID", Holds::Text, false),
        Key("AutoRemediationParameters", Holds::Any, false),
        Key("Description", Holds::Text, false),
        Key("DisplayName", Holds::Name, false),
        Key("OnlyUseBaseRiskScore", Holds::Flag, false),
        Key("OutputIds", Holds::Texts, false),
        Key("CreatedBy", Holds::Text, false),
        Key("Reference", Holds::Text, false),
        Key("Runbook", Holds::Text, false),
        Key("Status", Holds::Text, false),
        Key("Suppressions", Holds::Texts, false),
        Key("Tags", Holds::Texts, false),
        Key("Reports", Holds::Reports, false),
        Key("Tests", Holds::List(&tests::OF_POLICY), false),
        Key("BaseVersion", Holds::Whole, false),
    ],
    choices: &[],
};

/**
 * Logical ids of what holds data or is known outside. CloudFormation takes a new id for a new thing: it would make an empty one
 * and leave the old behind. Who changes a line here moves data.
 */
export const pinned: Readonly<Record<string, readonly string[]>> = {
  'AWS::DynamoDB::Table': ['AuditTableCCDD223E', 'KeysTableD1B4314F', 'ProfileTableC0A13F29', 'ReadingsTableD44BD964'],
  'AWS::Kinesis::Stream': ['TelemetryStream5198B67A'],
  'AWS::S3::Bucket': [
    'AccessLogsBucketCD784A59',
    'CheckpointsBucket6BA0C50D',
    'FailuresBucket3D5A4556',
    'ImportsBucketB463A28B',
  ],
  'AWS::KMS::Key': ['DataKey2A0DE9E6', 'InstallationKey3920C66A', 'MasterKeyB07C9BD3'],
  'AWS::Cognito::UserPool': ['SignInPoolFD298EFA', 'StaffSignInPool7B6BBD10'],
  'AWS::Cognito::UserPoolDomain': ['SignInDomain555ACBE4', 'StaffSignInDomainD31A7A0F'],
  'AWS::Cognito::UserPoolClient': [
    'SignInMachineBillingClient3A86A2D3',
    'SignInMachineCrmClientEB3DF319',
    'SignInMachineFieldClientF161586F',
    'SignInMachineHeadEndClientEF15ED19',
    'SignInMachinePaymentsClient147B6C28',
    'SignInMachinePortalClient03770CCA',
    'SignInMachineWeatherClientEFA311EF',
    'SignInPortalClientC2FB492B',
    'StaffSignInConsoleClientC59F86C2',
  ],
  'AWS::Cognito::UserPoolResourceServer': ['SignInServer229B3224', 'StaffSignInServer3CF1145D'],
  'AWS::Events::EventBus': ['InboundBus8E11D883', 'OutboundBusBC95A5B2'],
  'AWS::Events::Archive': ['InboundArchive693080FB', 'OutboundArchiveF8448C7E'],
  'AWS::IoT::Policy': ['MeterPolicyB64E1033', 'ProvisioningClaimPolicy54640863'],
};

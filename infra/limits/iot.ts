import { at, listOf } from '#infra/template.ts';
import { type Limit, ofEach } from './limit.ts';
import { byteLength, documentLength } from './resolve.ts';

export const iotLimits: readonly Limit[] = [
  ofEach(
    'AWS::IoT::Policy',
    {
      what: 'policy of devices',
      unit: 'characters',
      most: 2048,
      source: 'CreatePolicy (AWS IoT API): policyDocument has a maximum length of 2048, excluding whitespace',
    },
    (found, estate) => documentLength(estate, found, at(found.properties, 'PolicyDocument')),
  ),
  ofEach(
    'AWS::IoT::TopicRule',
    {
      what: 'actions of an IoT rule',
      unit: 'actions',
      most: 10,
      source: 'TopicRule (AWS IoT API): actions, maximum number of 10 items',
    },
    ({ properties }) => listOf(at(properties, 'TopicRulePayload', 'Actions')).length,
  ),
  ofEach(
    'AWS::IoT::ProvisioningTemplate',
    {
      what: 'body of a provisioning template',
      unit: 'bytes',
      most: 10_240,
      source: 'CreateProvisioningTemplateVersion (AWS IoT API): templateBody, maximum length of 10240',
    },
    (found, estate) => byteLength(estate, found, at(found.properties, 'TemplateBody')),
  ),
];

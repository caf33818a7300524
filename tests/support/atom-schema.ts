/**
 * Atom (RFC 4287) as far as Green Button uses it, beside NAESB's schemas, which import it without bringing it: what must be
 * there, and that the content of an entry is a resource of ESPI, valid by that schema.
 */
export const atomSchema = (espiFile: string): string => `<?xml version="1.0" encoding="utf-8"?>
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="http://www.w3.org/2005/Atom"
  targetNamespace="http://www.w3.org/2005/Atom" elementFormDefault="qualified">
  <xs:import namespace="http://naesb.org/espi" schemaLocation="${espiFile}"/>
  <xs:simpleType name="instant">
    <xs:restriction base="xs:dateTime"><xs:pattern value=".+Z"/></xs:restriction>
  </xs:simpleType>
  <xs:simpleType name="id">
    <xs:restriction base="xs:anyURI">
      <xs:pattern value="urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"/>
    </xs:restriction>
  </xs:simpleType>
  <xs:complexType name="link">
    <xs:attribute name="rel" use="required">
      <xs:simpleType>
        <xs:restriction base="xs:string">
          <xs:enumeration value="self"/><xs:enumeration value="up"/><xs:enumeration value="related"/>
        </xs:restriction>
      </xs:simpleType>
    </xs:attribute>
    <xs:attribute name="href" type="xs:anyURI" use="required"/>
  </xs:complexType>
  <xs:complexType name="content">
    <xs:sequence><xs:any namespace="http://naesb.org/espi" processContents="strict"/></xs:sequence>
    <xs:attribute name="type" type="xs:string" fixed="application/xml" use="required"/>
  </xs:complexType>
  <xs:complexType name="entry">
    <xs:sequence>
      <xs:element name="id" type="id"/>
      <xs:element name="link" type="link" minOccurs="2" maxOccurs="unbounded"/>
      <xs:element name="title" type="xs:string"/>
      <xs:element name="content" type="content"/>
      <xs:element name="published" type="instant"/>
      <xs:element name="updated" type="instant"/>
    </xs:sequence>
  </xs:complexType>
  <xs:element name="feed">
    <xs:complexType>
      <xs:sequence>
        <xs:element name="id" type="id"/>
        <xs:element name="title" type="xs:string"/>
        <xs:element name="updated" type="instant"/>
        <xs:element name="link" type="link"/>
        <xs:element name="entry" type="entry" maxOccurs="unbounded"/>
      </xs:sequence>
    </xs:complexType>
    <xs:unique name="entries"><xs:selector xpath="entry"/><xs:field xpath="id"/></xs:unique>
  </xs:element>
</xs:schema>
`;

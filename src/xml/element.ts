/**
 * An element's children by name, without a prototype, so that no name from outside can mean anything to JavaScript.
 * A name that occurs several times has an array; `item` and `List`, which WeChat repeats, always have one.
 */
export interface XmlElement {
  readonly [name: string]: XmlValue
}

/** Text, or children, or several of these under one name. An element with neither is the empty string. */
export type XmlValue = string | XmlElement | (string | XmlElement)[]

import { refuse } from './refusal.ts'
import type { JsonObject } from './route.ts'

/**
 * A text that must be there and not be empty.
 *
 * @throws {ApiRefusal} with that errcode
 */
export function textOf(object: JsonObject, name: string, errcode: number): string {
  const value = object[name]
  return typeof value === 'string' && value !== '' ? value : refuse(errcode)
}

/** A text, or an empty one. */
export function optionalText(object: JsonObject, name: string): string {
  const value = object[name]
  return typeof value === 'string' ? value : ''
}

/** An object that must be there. @throws {ApiRefusal} */
export function objectOf(object: JsonObject, name: string, errcode: number): JsonObject {
  const value = object[name]
  return isObject(value) ? value : refuse(errcode)
}

/** A list that must be there; what it holds is for the caller to see. @throws {ApiRefusal} */
export function listOf(object: JsonObject, name: string, errcode: number): readonly unknown[] {
  const value = object[name]
  return Array.isArray(value) ? value : refuse(errcode)
}

/** A list of texts. @throws {ApiRefusal} when it is none, or longer */
export function textsOf(object: JsonObject, name: string, most: number, errcode: number): readonly string[] {
  const list = listOf(object, name, errcode).filter(each => typeof each === 'string')
  return list.length >= 1 && list.length <= most ? list : refuse(errcode)
}

/** A whole number within limits. @throws {ApiRefusal} */
export function integerOf(object: JsonObject, name: string, least: number, most: number, errcode: number): number {
  const value = object[name]
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most
    ? value
    : refuse(errcode)
}

/** Whether JSON calls it an object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

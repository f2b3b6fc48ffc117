// Not compiled by our tests: parsed.

import Foundation
import Security

/// The keychain, readable while the phone is locked: a push must find the session then, too.
struct Keychain: Store {
    func read(_ key: String) -> Data? {
        var found: CFTypeRef?
        let query = item(key).merging([kSecReturnData as String: true]) { $1 }
        return SecItemCopyMatching(query as CFDictionary, &found) == errSecSuccess ? found as? Data : nil
    }

    func write(_ key: String, _ value: Data?) {
        SecItemDelete(item(key) as CFDictionary)
        guard let value else { return }
        let kept: [String: Any] = [
            kSecValueData as String: value, kSecAttrAccessible as String: kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly,
        ]
        SecItemAdd(item(key).merging(kept) { $1 } as CFDictionary, nil)
    }

    private func item(_ key: String) -> [String: Any] {
        [kSecClass as String: kSecClassGenericPassword, kSecAttrService as String: "switchboard", kSecAttrAccount as String: key]
    }
}
